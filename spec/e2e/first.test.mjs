// first.test.mjs - the promise itself: seen, masked, blocked, or not let in.

import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "node:test";
import { execute, until } from "../support/moongate.mjs";
import { CARD, EMAIL, SECRET } from "../support/policies.mjs";
import { chat, OPENAI, said, useStage } from "../support/stage.mjs";

const stage = useStage();

// Three clients, one way of asking each: (body text) -> { status, text }.
const CLIENTS = {
  "curl, known by certificate": async (body) =>
    stage.device.post(OPENAI, body),
  "curl, known by token": async (body) =>
    stage.device.post(OPENAI, body, { via: "token" }),
  "undici, known by certificate": async (body) => {
    const reply = await stage.device.fetch()(OPENAI, { method: "POST", body,
      headers: { "content-type": "application/json" } });
    return { status: reply.status, text: await reply.text() };
  },
  "undici, known by token": async (body) => {
    const reply = await stage.device.fetch({ via: "token" })(OPENAI, {
      method: "POST", body, headers: { "content-type": "application/json" } });
    return { status: reply.status, text: await reply.text() };
  },
};

// White space, order and escapes that no serialiser would make: whatever the
// product writes again differs somewhere.
const odd = (text) => `{ "messages" : [ {"content":"${text}", "role":"user"} ]` +
  `,\n\t"model":"gpt-4o-mini" , "n" : 1.0e0, "user":"\\u0061\\/b" }\r\n`;

for (const [name, ask] of Object.entries(CLIENTS)) {
  describe(name, () => {
    it("an allowed request arrives byte for byte", async () => {
      const body = odd("Hello, caf\\u00e9 \u{1F319}");
      const reply = await ask(body);
      assert.equal(reply.status, 200, reply.text);
      assert.equal(said(JSON.parse(reply.text)), "You said: Hello, café \u{1F319}");
      assert.equal(stage.provider.requests.length, 1);
      assert.equal(stage.provider.requests[0].body.toString(), body);
    });

    it("a masked request differs in its spans and nowhere else", async () => {
      const reply = await ask(odd(`a\\"b ${EMAIL} c, card ${CARD}.`));
      assert.equal(reply.status, 200, reply.text);
      assert.equal(stage.provider.requests.length, 1);
      const { body, headers } = stage.provider.requests[0];
      assert.equal(body.toString(),
        odd("a\\\"b [EMAIL] c, card [CARD]."));
      assert.equal(Number(headers["content-length"]), body.length);
    });

    it("a blocked request opens no upstream connection", async () => {
      // Pooled connections of earlier tests are gone first: a new one counts.
      stage.provider.hangUp();
      const before = stage.provider.counts.connections;
      const reply = await ask(odd(`use ${SECRET} please`));
      assert.equal(reply.status, 403, reply.text);
      const { error } = JSON.parse(reply.text);
      assert.equal(error.message,
        "Request blocked by Moongate: secrets stay in the company");
      assert.equal(error.type, "blocked");
      assert.equal(error.code, 403);
      assert.equal(stage.provider.requests.length, 0);
      assert.equal(stage.provider.counts.connections, before);
    });
  });
}

describe("what is recorded", () => {
  it("an event tells who, where and what, and never the text", async () => {
    await stage.device.post(`${OPENAI}?trace=q-4711`,
      chat(`mail ${EMAIL} and ${EMAIL}`), { headers: { "x-team": "h-4711" } });
    const event = await stage.gate.event((one) =>
      one.request?.findings?.some((found) => found.count === 2));
    const verdict = event.request;
    assert.equal(verdict.action, "mask");
    assert.match(event.event_id,
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(event.surface, "endpoint");
    assert.equal(event.integration, "laptops");
    assert.equal(event.application, "openai");
    assert.equal(event.host, "api.openai.com");
    assert.equal(event.method, "POST");
    assert.equal(event.path, "/v1/chat/completions");
    assert.equal(event.model, "gpt-4o-mini");
    assert.ok(["mtls", "token"].includes(event.assurance));
    assert.equal(event.status, 200);
    assert.ok(verdict.policies.some((one) => one.id === "mask-pii"));
    const found = verdict.findings.find((one) => /email/.test(one.entity));
    assert.equal(found.count, 2);
    const events = JSON.stringify(await stage.gate.events());
    for (const secret of [EMAIL, CARD, SECRET, "q-4711", "h-4711"]) {
      assert.ok(!events.includes(secret), `${secret} is in an event`);
    }
  });

  it("the assurance names the channel", async () => {
    await stage.device.post(OPENAI, chat("by certificate"),
      { headers: {}, args: [] });
    await stage.device.post(OPENAI, chat("by token"), { via: "token" });
    await until("both channels", async () => {
      const seen = new Set((await stage.gate.events())
        .map((one) => one.assurance));
      return seen.has("mtls") && seen.has("token");
    });
  });
});

describe("who may come in", () => {
  const refused = async (reply, status, words) => {
    assert.equal(reply.connect, status, reply.err);
    assert.equal(stage.provider.requests.length, 0);
    if (words) assert.match(reply.err + JSON.stringify(reply.blocks), words);
  };

  // What CONNECT is answered, read by hand: { status, text }.
  const connectText = async (device, options) => {
    const { socket, head } = await device.connect("api.openai.com", options);
    let text = head.text;
    socket.on("data", (piece) => { text += piece; });
    await until("the refusal's end", () => socket.destroyed ||
      socket.readableEnded || text.split("\r\n\r\n")[1]?.length > 3, 3000)
      .catch(() => {});
    socket.destroy();
    return { status: head.status, text };
  };

  it("no certificate: 407 with a reason", async () => {
    const reply = await stage.device.post(OPENAI, chat("hi"), { cert: null });
    await refused(reply, 407);
    const { status, text } = await connectText(stage.device, { cert: false });
    assert.equal(status, 407);
    assert.match(text, /proxy-authenticate:/i);
    assert.match(text, /certificate/i);
  });

  it("no token, and a wrong token: 407", async () => {
    const proxy = `127.0.0.1:${stage.gate.ports.plain}`;
    for (const who of ["", "laptops:wrong@", "nobody:wrong@"]) {
      const reply = await stage.device.post(OPENAI, chat("hi"),
        { proxy: `http://${who}${proxy}` });
      await refused(reply, 407);
    }
  });

  it("a certificate of somebody else's CA is unknown", async () => {
    const dir = fs.mkdtempSync("/tmp/stranger-");
    const made = await execute("openssl", ["req", "-x509", "-newkey", "ec",
      "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj",
      "/CN=laptops", "-addext",
      "subjectAltName=URI:urn:moongate:org:default:endpoint:laptops",
      "-keyout", `${dir}/key.pem`, "-out", `${dir}/cert.pem`]);
    assert.equal(made.code, 0, made.err);
    const reply = await stage.device.post(OPENAI, chat("hi"),
      { cert: `${dir}/cert.pem`, key: `${dir}/key.pem` });
    // Some clients send no certificate when the CA list does not name its
    // issuer, so both answers are right; getting in is not.
    assert.ok([403, 407].includes(reply.connect) || reply.code !== 0, reply.err);
    assert.equal(stage.provider.requests.length, 0);
    fs.rmSync(dir, { recursive: true });
  });

  it("a revoked certificate: 403 that says so", async () => {
    const device = await stage.gate.integration("leavers");
    assert.equal((await device.post(OPENAI, chat("hi"))).status, 200);
    stage.provider.reset();
    await stage.gate.commandOk("integration", "revoke", "leavers", "--state",
      stage.gate.state);
    await until("the revocation", async () =>
      (await connectText(device)).status === 403, 3000);
    const { text } = await connectText(device);
    assert.match(text, /revoked/i);
    const reply = await device.post(OPENAI, chat("hi"), { via: "token" });
    assert.ok([403, 407].includes(reply.connect), reply.err);
    assert.equal(stage.provider.requests.length, 0);
  });

  it("a paused one: 403 that says so, and back again when resumed", async () => {
    const device = await stage.gate.integration("sleepers");
    const pause = (verb) => stage.gate.commandOk("integration", verb,
      "sleepers", "--state", stage.gate.state);
    await pause("pause");
    await until("the pause", async () =>
      (await connectText(device)).status === 403, 3000);
    assert.match((await connectText(device)).text, /paused/i);
    await pause("resume");
    await until("the return", async () =>
      (await device.post(OPENAI, chat("hi"))).status === 200, 3000);
  });
});

describe("where the proxy goes", () => {
  it("a host that is not covered is tunnelled unread", async () => {
    // Its own certificate reaches the client: nothing was opened on the way.
    const reply = await stage.device.curl(
      `https://localhost:${stage.provider.port}/`, { ca: stage.provider.ca });
    // localhost is a private address, so this is a refusal, with a reason.
    assert.equal(reply.connect, 403, reply.err);
  });

  for (const target of ["127.0.0.1:22", "10.0.0.1:443", "192.168.1.1:443",
    "169.254.169.254:443", "[::1]:443", "[fe80::1]:443", "172.16.0.1:443",
    "100.64.0.1:443", "0.0.0.0:443", "[::ffff:127.0.0.1]:443"]) {
    it(`CONNECT ${target} is refused`, async () => {
      const socket = await stage.device.outer();
      socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
      const head = await until("an answer", () => socket.read());
      assert.match(head.toString(), /^HTTP\/1.1 403 /);
      socket.destroy();
    });
  }

  it("a request that is not CONNECT is answered, not relayed", async () => {
    const socket = await stage.device.outer();
    socket.write("GET http://api.openai.com/ HTTP/1.1\r\n" +
      "Host: api.openai.com\r\n\r\n");
    const head = await until("an answer", () => socket.read());
    assert.match(head.toString(), /^HTTP\/1.1 4\d\d /);
    assert.equal(stage.provider.requests.length, 0);
    socket.destroy();
  });
});
