// restore.test.mjs - reversible tokens: the service sees [EMAIL_1], the person
// at the device sees the address, in whole answers and in live streams.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { EMAIL } from "../support/policies.mjs";
import { chat, OPENAI, useStage } from "../support/stage.mjs";

const TOKENS = `return Policy "tokens" {
  about = "Personal data leaves as tokens, and comes back as itself.",
  Where = anywhere,
  When  = input:has(pii),
  Then  = mask { style = "token" },
}
`;

const original = globalThis.fetch;
const stage = useStage({ policies: { tokens: TOKENS },
  ready: ({ device }) => { globalThis.fetch = device.fetch(); } });
after(() => { globalThis.fetch = original; });

async function joined(stream, textOf) {
  let text = "";
  for await (const event of stream) text += textOf(event) ?? "";
  return text;
}

const openai = () => new OpenAI({ apiKey: "sk-none", maxRetries: 0,
  fetch: stage.device.fetch() });
const message = (content) => ({ model: "claude-sonnet-4-5", max_tokens: 64,
  messages: [{ role: "user", content }] });

const STREAMS = {
  "openai chat completions": async (content) =>
    joined(await openai().chat.completions.create({ model: "gpt-4o",
      stream: true, messages: [{ role: "user", content }] }),
    (chunk) => chunk.choices[0]?.delta?.content),
  "openai responses": async (input) =>
    joined(await openai().responses.create({ model: "gpt-4o", input,
      stream: true }),
    (event) => event.type === "response.output_text.delta" ? event.delta : ""),
  "anthropic messages": async (content) => new Anthropic({ apiKey: "none",
    maxRetries: 0, fetch: stage.device.fetch() })
    .messages.stream(message(content)).finalText(),
  "gemini generateContent": async (contents) =>
    joined(await new GoogleGenAI({ apiKey: "none" }).models
      .generateContentStream({ model: "gemini-2.5-flash", contents }),
    (chunk) => chunk.text),
};

describe("a live stream gives the values back", () => {
  for (const [name, stream] of Object.entries(STREAMS)) {
    it(name, async () => {
      const text = await stream(`Write to ${EMAIL}, then to ${EMAIL}.`);
      assert.equal(text, `You said: Write to ${EMAIL}, then to ${EMAIL}.`);
      const sent = stage.provider.requests.at(-1).body.toString();
      assert.ok(sent.includes("Write to [EMAIL_1], then to [EMAIL_1]."), sent);
      assert.ok(!sent.includes(EMAIL));
    });
  }

  it("a token that the person wrote stays what it is", async () => {
    const text = await STREAMS["openai chat completions"](
      `What is [EMAIL_1]? Not ${EMAIL}.`);
    assert.equal(text, `You said: What is [EMAIL_1]? Not ${EMAIL}.`);
    const sent = stage.provider.requests.at(-1).body.toString();
    assert.ok(sent.includes("What is [EMAIL_1]? Not [EMAIL_2]."), sent);
  });
});

describe("a whole answer gives the values back", () => {
  it("openai chat completions", async () => {
    const reply = await stage.device.post(OPENAI, chat(`To ${EMAIL}.`));
    assert.equal(JSON.parse(reply.body).choices[0].message.content,
      `You said: To ${EMAIL}.`);
  });
});
