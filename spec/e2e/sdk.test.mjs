// sdk.test.mjs - the providers' own SDKs see what they would see without us:
// answers, streams, and a block as their own typed error.

import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { ApiError, GoogleGenAI } from "@google/genai";
import OpenAI from "openai";
import { EMAIL, SECRET } from "../support/policies.mjs";
import { useStage } from "../support/stage.mjs";

// @google/genai takes no fetch of ours: it uses the global one.
const original = globalThis.fetch;
const stage = useStage({ ready: ({ device }) => {
  globalThis.fetch = device.fetch();
} });
after(() => { globalThis.fetch = original; });

const REASON = "Request blocked by Moongate: secrets stay in the company";

async function joined(stream, textOf) {
  let text = "";
  for await (const event of stream) text += textOf(event) ?? "";
  return text;
}

// One row an API: how it asks, buffered and streaming; what its error is.
const openai = () => new OpenAI({ apiKey: "sk-none", maxRetries: 0,
  fetch: stage.device.fetch() });
const anthropic = () => new Anthropic({ apiKey: "none", maxRetries: 0,
  fetch: stage.device.fetch() });
const gemini = () => new GoogleGenAI({ apiKey: "none" });

const APIS = {
  "openai chat completions": {
    ask: async (content) => (await openai().chat.completions.create({
      model: "gpt-4o", messages: [{ role: "user", content }] }))
      .choices[0].message.content,
    stream: async (content) => joined(await openai().chat.completions.create({
      model: "gpt-4o", stream: true, messages: [{ role: "user", content }] }),
    (chunk) => chunk.choices[0]?.delta?.content),
    sent: (body) => body.messages[0].content,
    error: OpenAI.PermissionDeniedError,
  },
  "openai responses": {
    ask: async (input) => (await openai().responses.create({
      model: "gpt-4o", input })).output_text,
    stream: async (input) => joined(await openai().responses.create({
      model: "gpt-4o", input, stream: true }),
    (event) => event.type === "response.output_text.delta" ? event.delta : ""),
    sent: (body) => body.input,
    error: OpenAI.PermissionDeniedError,
  },
  "openai completions": {
    ask: async (prompt) => (await openai().completions.create({
      model: "gpt-3.5-turbo-instruct", prompt })).choices[0].text,
    stream: async (prompt) => joined(await openai().completions.create({
      model: "gpt-3.5-turbo-instruct", prompt, stream: true }),
    (chunk) => chunk.choices[0]?.text),
    sent: (body) => body.prompt,
    error: OpenAI.PermissionDeniedError,
  },
  "anthropic messages": {
    ask: async (content) => (await anthropic().messages.create({
      model: "claude-sonnet-4-5", max_tokens: 64,
      messages: [{ role: "user", content }] })).content[0].text,
    stream: async (content) => {
      const stream = anthropic().messages.stream({ model: "claude-sonnet-4-5",
        max_tokens: 64, messages: [{ role: "user", content }] });
      return stream.finalText();
    },
    sent: (body) => body.messages[0].content,
    error: Anthropic.PermissionDeniedError,
  },
  "gemini generateContent": {
    ask: async (contents) => (await gemini().models.generateContent({
      model: "gemini-2.5-flash", contents })).text,
    stream: async (contents) => joined(
      await gemini().models.generateContentStream({ model: "gemini-2.5-flash",
        contents }), (chunk) => chunk.text),
    sent: (body) => body.contents[0].parts[0].text,
    error: ApiError,
  },
};

for (const [name, api] of Object.entries(APIS)) {
  for (const way of ["ask", "stream"]) {
    describe(`${name}, ${way === "ask" ? "buffered" : "streaming"}`, () => {
      const seen = () => JSON.parse(stage.provider.requests.at(-1).body);

      it("allow", async () => {
        const text = await api[way]("Say something about the moon, caf\u00e9.");
        assert.equal(text,
          "You said: Say something about the moon, caf\u00e9.");
        assert.equal(api.sent(seen()),
          "Say something about the moon, caf\u00e9.");
      });

      it("mask", async () => {
        const text = await api[way](`Write to ${EMAIL} today.`);
        assert.equal(api.sent(seen()), "Write to [EMAIL] today.");
        assert.equal(text, "You said: Write to [EMAIL] today.");
      });

      it("block is the SDK's own typed error", async () => {
        await assert.rejects(api[way](`My key is ${SECRET}.`), (error) => {
          assert.ok(error instanceof api.error,
            `${error.constructor.name}: ${error.message}`);
          assert.equal(error.status, 403);
          assert.ok(error.message.includes(REASON), error.message);
          return true;
        });
        assert.equal(stage.provider.requests.length, 0);
      });
    });
  }
}

describe("the other calls that carry prompts", () => {
  it("embeddings, moderations and images are masked", async () => {
    await openai().embeddings.create({ model: "text-embedding-3-small",
      input: [`a ${EMAIL}`, "b"], encoding_format: "float" });
    await openai().moderations.create({ input: `c ${EMAIL}` });
    await openai().images.generate({ model: "gpt-image-1",
      prompt: `d ${EMAIL}` });
    const bodies = stage.provider.requests.map((one) => JSON.parse(one.body));
    assert.deepEqual(bodies[0].input, ["a [EMAIL]", "b"]);
    assert.equal(bodies[1].input, "c [EMAIL]");
    assert.equal(bodies[2].prompt, "d [EMAIL]");
  });

  it("count_tokens and batches are masked", async () => {
    const message = { model: "claude-sonnet-4-5",
      messages: [{ role: "user", content: `a ${EMAIL}` }] };
    await anthropic().messages.countTokens({ ...message,
      system: `s ${EMAIL}` });
    await anthropic().messages.batches.create({ requests: [{ custom_id: "1",
      params: { ...message, max_tokens: 8 } }] });
    const bodies = stage.provider.requests.map((one) => JSON.parse(one.body));
    assert.equal(bodies[0].messages[0].content, "a [EMAIL]");
    assert.equal(bodies[0].system, "s [EMAIL]");
    assert.equal(bodies[1].requests[0].params.messages[0].content, "a [EMAIL]");
  });

  it("countTokens and embedContent are masked", async () => {
    await gemini().models.countTokens({ model: "gemini-2.5-flash",
      contents: `a ${EMAIL}` });
    await gemini().models.embedContent({ model: "gemini-embedding-001",
      contents: `b ${EMAIL}` });
    const bodies = stage.provider.requests.map((one) => one.body.toString());
    assert.ok(bodies[0].includes("a [EMAIL]"), bodies[0]);
    assert.ok(bodies[1].includes("b [EMAIL]"), bodies[1]);
    assert.ok(!bodies.join().includes(EMAIL));
  });

  it("the models that the SDK lists are there", async () => {
    const list = await openai().models.list();
    assert.equal(list.data[0].id, "gpt-sim");
  });
});
