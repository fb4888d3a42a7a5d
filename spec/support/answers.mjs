// answers.mjs - what the simulated providers say: request in, reply out.
//
// Pure functions, one per wire format. A reply is
//   { status, headers, body }            a buffered body (string or Buffer), or
//   { status, headers, events }          a stream: a list of strings
// and `provider.mjs` decides how its bytes travel.

// Host names that the simulation answers for, by application.
export const HOSTS = {
  openai: ["api.openai.com", "chatgpt.com", "chat.openai.com"],
  anthropic: ["api.anthropic.com", "claude.ai"],
  google: ["generativelanguage.googleapis.com", "gemini.google.com",
    "aistudio.google.com"],
  cursor: ["api2.cursor.sh", "api.cursor.com"],
  copilot: ["copilot.microsoft.com", "api.githubcopilot.com"],
  mistral: ["api.mistral.ai", "chat.mistral.ai"],
  deepseek: ["api.deepseek.com", "chat.deepseek.com"],
  groq: ["api.groq.com"],
  perplexity: ["api.perplexity.ai"],
};

export const ALL_HOSTS = Object.values(HOSTS).flat();

export function applicationOf(host) {
  const name = String(host ?? "").toLowerCase().replace(/:\d+$/, "");
  for (const [app, hosts] of Object.entries(HOSTS)) {
    if (hosts.includes(name)) return app;
  }
  return null;
}

// --- reading --------------------------------------------------------------

const textOf = (content) => {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.map((part) => typeof part === "string" ? part
    : part?.text ?? part?.input_text ?? "").join("");
};

const lastOf = (list, wanted) => {
  for (let i = (list?.length ?? 0) - 1; i >= 0; i--) {
    if (wanted(list[i])) return list[i];
  }
  return undefined;
};

const isUser = (message) => (message?.role ?? "user") === "user";

// The text of the last thing the user said, in any of the shapes.
export function promptOf(json) {
  if (json === undefined || json === null) return "";
  if (typeof json.prompt === "string") return json.prompt;
  if (Array.isArray(json.prompt)) return json.prompt.join(" ");
  if (typeof json.input === "string") return json.input;
  if (Array.isArray(json.input)) {
    if (typeof json.input[0] === "string") return json.input.join(" ");
    return textOf(lastOf(json.input, isUser)?.content);
  }
  if (Array.isArray(json.messages)) {
    const message = lastOf(json.messages, (one) =>
      (one?.role ?? one?.author?.role ?? "user") === "user");
    return textOf(message?.content?.parts ?? message?.content);
  }
  if (json.contents) return textOf(lastOf([json.contents].flat(), isUser)?.parts);
  if (json.content) return textOf([json.content].flat()[0]?.parts ?? json.content);
  return "";
}

// Deltas of a few characters: never cut inside a character here; provider.mjs
// cuts bytes anywhere.
function pieces(text, size = 5) {
  const characters = [...text];
  const list = [];
  for (let i = 0; i < characters.length; i += size) {
    list.push(characters.slice(i, i + size).join(""));
  }
  return list;
}

const json = (body, status = 200, headers = {}) => ({
  status,
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(body),
});

const stream = (events, headers = {}) => ({
  status: 200,
  headers: { "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache", ...headers },
  events,
});

const words = (text) => text.split(/\s+/).filter(Boolean).length;

// --- OpenAI and those who speak like it -----------------------------------

function chatCompletion(body, text) {
  const base = { id: "chatcmpl-sim", created: 1760000000,
    model: body.model ?? "gpt-sim" };
  const usage = { prompt_tokens: words(promptOf(body)),
    completion_tokens: words(text),
    total_tokens: words(promptOf(body)) + words(text) };
  if (!body.stream) {
    return json({ ...base, object: "chat.completion", choices: [{ index: 0,
      message: { role: "assistant", content: text, refusal: null },
      logprobs: null, finish_reason: "stop" }], usage });
  }
  const chunk = (delta, finish = null) => "data: " + JSON.stringify({ ...base,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish }] }) + "\n\n";
  return stream([
    chunk({ role: "assistant", content: "" }),
    ...pieces(text).map((piece) => chunk({ content: piece })),
    chunk({}, "stop"),
    "data: [DONE]\n\n",
  ]);
}

function response(body, text) {
  const message = (status, content) => ({ id: "msg_sim", type: "message",
    role: "assistant", status, content });
  const part = { type: "output_text", text, annotations: [] };
  const shell = (status, output) => ({ id: "resp_sim", object: "response",
    created_at: 1760000000, status, model: body.model ?? "gpt-sim", output,
    parallel_tool_calls: true, tool_choice: "auto", tools: [],
    usage: { input_tokens: words(promptOf(body)), output_tokens: words(text),
      total_tokens: words(promptOf(body)) + words(text) } });
  if (!body.stream) {
    return json(shell("completed", [message("completed", [part])]));
  }
  let number = 0;
  const event = (type, fields) => `event: ${type}\ndata: ` +
    JSON.stringify({ type, sequence_number: number++, ...fields }) + "\n\n";
  const place = { item_id: "msg_sim", output_index: 0, content_index: 0 };
  return stream([
    event("response.created", { response: shell("in_progress", []) }),
    event("response.output_item.added", { output_index: 0,
      item: message("in_progress", []) }),
    event("response.content_part.added", { ...place,
      part: { ...part, text: "" } }),
    ...pieces(text).map((delta) =>
      event("response.output_text.delta", { ...place, delta })),
    event("response.output_text.done", { ...place, text }),
    event("response.content_part.done", { ...place, part }),
    event("response.output_item.done", { output_index: 0,
      item: message("completed", [part]) }),
    event("response.completed", {
      response: shell("completed", [message("completed", [part])]) }),
  ]);
}

function completion(body, text) {
  const base = { id: "cmpl-sim", object: "text_completion",
    created: 1760000000, model: body.model ?? "gpt-sim" };
  if (!body.stream) {
    return json({ ...base, choices: [{ text, index: 0, logprobs: null,
      finish_reason: "stop" }] });
  }
  return stream([
    ...pieces(text).map((piece) => "data: " + JSON.stringify({ ...base,
      choices: [{ text: piece, index: 0, finish_reason: null }] }) + "\n\n"),
    "data: [DONE]\n\n",
  ]);
}

const vector = () => [0.25, -0.5, 0.125];

function openai(path, body, text) {
  if (path.endsWith("/chat/completions")) return chatCompletion(body, text);
  if (path.endsWith("/responses")) return response(body, text);
  if (path.endsWith("/completions")) return completion(body, text);
  if (path.endsWith("/embeddings")) {
    return json({ object: "list", model: body.model, data: [body.input].flat()
      .map((_, index) => ({ object: "embedding", index, embedding: vector() })),
    usage: { prompt_tokens: 1, total_tokens: 1 } });
  }
  if (path.endsWith("/moderations")) {
    return json({ id: "modr-sim", model: "omni-moderation-latest",
      results: [{ flagged: false, categories: {}, category_scores: {} }] });
  }
  if (path.endsWith("/images/generations")) {
    return json({ created: 1760000000,
      data: [{ b64_json: "iVBORw0KGgo=", revised_prompt: text }] });
  }
  if (path.endsWith("/models")) {
    return json({ object: "list", data: [{ id: "gpt-sim", object: "model",
      created: 1760000000, owned_by: "simulation" }] });
  }
  return json({ error: { message: `no such path: ${path}`,
    type: "invalid_request_error", param: null, code: null } }, 404);
}

// ChatGPT's web application: a page, and its streamed answer.
function chatgpt(method, path, body, text) {
  if (method === "GET") {
    return { status: 200, headers: { "content-type": "text/html; charset=utf-8" },
      body: "<!doctype html><title>ChatGPT simulation</title>" +
        `<p id="greeting">The simulated ChatGPT is at ${path}.</p>` };
  }
  if (!path.includes("/conversation")) return json({ ok: true });
  const frame = (value) => `data: ${JSON.stringify(value)}\n\n`;
  return stream([
    "event: delta_encoding\ndata: \"v1\"\n\n",
    frame({ p: "", o: "add", v: { message: { id: "m1",
      author: { role: "assistant" },
      content: { content_type: "text", parts: [""] } } } }),
    ...pieces(text).map((piece) =>
      frame({ p: "/message/content/parts/0", o: "append", v: piece })),
    "data: [DONE]\n\n",
  ]);
}

// --- Anthropic --------------------------------------------------------------

function anthropic(path, body, text) {
  const prompt = words(promptOf(body));
  if (path.endsWith("/count_tokens")) return json({ input_tokens: prompt });
  if (path.endsWith("/batches")) {
    return json({ id: "msgbatch_sim", type: "message_batch",
      processing_status: "in_progress", request_counts: {
        processing: body.requests?.length ?? 0, succeeded: 0, errored: 0,
        canceled: 0, expired: 0 }, created_at: "2026-01-01T00:00:00Z",
      expires_at: "2026-01-02T00:00:00Z", results_url: null });
  }
  if (path.includes("/completion")) {
    return stream(pieces(text).map((piece) => "event: completion\ndata: " +
      JSON.stringify({ type: "completion", completion: piece }) + "\n\n"));
  }
  if (!path.endsWith("/messages")) {
    return json({ type: "error", error: { type: "not_found_error",
      message: `no such path: ${path}` } }, 404);
  }
  const message = { id: "msg_sim", type: "message", role: "assistant",
    model: body.model ?? "claude-sim", stop_sequence: null };
  const usage = { input_tokens: prompt, output_tokens: words(text) };
  if (!body.stream) {
    return json({ ...message, content: [{ type: "text", text }],
      stop_reason: "end_turn", usage });
  }
  const event = (fields) =>
    `event: ${fields.type}\ndata: ${JSON.stringify(fields)}\n\n`;
  return stream([
    event({ type: "message_start", message: { ...message, content: [],
      stop_reason: null, usage } }),
    event({ type: "content_block_start", index: 0,
      content_block: { type: "text", text: "" } }),
    event({ type: "ping" }),
    ...pieces(text).map((piece) => event({ type: "content_block_delta",
      index: 0, delta: { type: "text_delta", text: piece } })),
    event({ type: "content_block_stop", index: 0 }),
    event({ type: "message_delta", delta: { stop_reason: "end_turn",
      stop_sequence: null }, usage }),
    event({ type: "message_stop" }),
  ]);
}

// --- Google ------------------------------------------------------------------

function google(path, query, body, text) {
  if (path.includes("/openai/")) return openai(path, body, text);
  const candidate = (piece, finish) => ({ candidates: [{ content: {
    role: "model", parts: [{ text: piece }] }, index: 0,
  ...(finish ? { finishReason: "STOP" } : {}) }],
  usageMetadata: { promptTokenCount: words(promptOf(body)),
    candidatesTokenCount: words(text), totalTokenCount: words(text) },
  modelVersion: "gemini-sim" });
  const verb = path.slice(path.lastIndexOf(":") + 1);
  const list = pieces(text);
  switch (verb) {
    case "generateContent":
      return json(candidate(text, true));
    case "streamGenerateContent": {
      const parts = list.map((piece, i) =>
        JSON.stringify(candidate(piece, i === list.length - 1)));
      if (query.get("alt") === "sse") {
        return stream(parts.map((part) => `data: ${part}\r\n\r\n`));
      }
      return { status: 200, headers: { "content-type": "application/json" },
        events: [...parts.map((part, i) => (i === 0 ? "[" : ",\r\n") + part),
          "]\n"] };
    }
    case "countTokens":
      return json({ totalTokens: words(promptOf(body)) });
    case "embedContent":
      return json({ embedding: { values: vector() } });
    case "batchEmbedContents":
      return json({ embeddings: (body.requests ?? []).map(() =>
        ({ values: vector() })) });
    default:
      return json({ error: { code: 404, status: "NOT_FOUND",
        message: `no such path: ${path}` } }, 404);
  }
}

// --- which one --------------------------------------------------------------

// `text` is what the model says; errors come in the provider's own shape.
export function answer({ host, method, path, query, body, text }) {
  switch (applicationOf(host)) {
    case "anthropic":
      return anthropic(path, body, text);
    case "google":
      return google(path, query, body, text);
    case "openai":
      if (!host.startsWith("api.")) return chatgpt(method, path, body, text);
      return openai(path, body, text);
    case "cursor":
      return json({ echo: text });
    case null:
      return { status: 200, headers: { "content-type": "text/plain" },
        body: `${method} ${path} at ${host}\n` };
    default:
      return openai(path, body, text);
  }
}

// An error as the host's own API words it.
export function refusal(host, status, message) {
  switch (applicationOf(host)) {
    case "anthropic":
      return json({ type: "error", error: { type: "api_error", message } },
        status);
    case "google":
      return json({ error: { code: status, message, status: "UNAVAILABLE" } },
        status);
    default:
      return json({ error: { message, type: "server_error", param: null,
        code: null } }, status);
  }
}
