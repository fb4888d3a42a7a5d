// ask.mjs - one question through OpenAI's own SDK, found by environment alone.
//
//   HTTPS_PROXY=http://demo:TOKEN@127.0.0.1:8080 NODE_USE_ENV_PROXY=1 \
//   NODE_EXTRA_CA_CERTS=build/run/demo/moongate-ca.crt \
//   spec/support/node.sh spec/support/ask.mjs "a question"
//
// Nothing here knows of Moongate: this is any program that uses the SDK.

import OpenAI from "openai";

const openai = new OpenAI({ apiKey: process.env.OPENAI_API_KEY ?? "none",
  maxRetries: 0 });
try {
  const reply = await openai.chat.completions.create({
    model: "gpt-4o-mini",
    messages: [{ role: "user", content: process.argv[2] ?? "Hello" }],
  });
  console.log(reply.choices[0].message.content);
} catch (error) {
  console.log(`${error.constructor.name}: ${error.message}`);
  process.exitCode = 1;
}
