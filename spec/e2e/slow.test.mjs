// slow.test.mjs - clients and servers that dawdle are let go in time, and hold
// nobody else up.

import assert from "node:assert/strict";
import net from "node:net";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { USUAL } from "../support/policies.mjs";
import { chat, OPENAI, useStage } from "../support/stage.mjs";
import { WireReader } from "../support/wire.mjs";

const HOST = "api.openai.com";
const stage = useStage({ policies: USUAL, settings: { timeouts: {
  handshake: "1s", header: "1s", idle: "2s", connect: "1s", reply: "2s" } } });

// Milliseconds until the socket is closed on us, at most `limit`.
async function lifetime(socket, limit = 6000) {
  const began = Date.now();
  const reader = socket.reader ?? new WireReader(socket);
  await reader.toEnd(limit);
  return { ms: Date.now() - began };
}

describe("time runs out", () => {
  it("for a handshake that never starts", async () => {
    const socket = net.connect(stage.gate.ports.tls, "127.0.0.1");
    const { ms } = await lifetime(socket);
    assert.ok(ms > 500 && ms < 3000, `${ms} ms`);
    socket.destroy();
  });

  it("for a handshake that stops half way", async () => {
    const socket = net.connect(stage.gate.ports.tls, "127.0.0.1");
    socket.write(Buffer.from("160301", "hex"));
    const { ms } = await lifetime(socket);
    assert.ok(ms > 500 && ms < 3000, `${ms} ms`);
    socket.destroy();
  });

  it("for a CONNECT that never ends", async () => {
    const socket = await stage.device.outer();
    socket.write(`CONNECT ${HOST}:443 HTTP/1.1\r\nHost:`);
    const { ms } = await lifetime(socket);
    assert.ok(ms > 500 && ms < 3000, `${ms} ms`);
  });

  it("for an inner handshake that never starts", async () => {
    const { socket, status } = await stage.device.connect(HOST);
    assert.equal(status, 200);
    const { ms } = await lifetime(socket);
    assert.ok(ms > 500 && ms < 3500, `${ms} ms`);
  });

  it("for a header that drips", async () => {
    const tunnel = await stage.device.tunnel(HOST);
    let over = false;
    const end = lifetime(tunnel).finally(() => { over = true; });
    tunnel.write(`POST /v1/chat/completions HTTP/1.1\r\nHost: ${HOST}\r\n`);
    for (let i = 0; !over && i < 40; i++) {
      tunnel.write(`X-${i}: 1\r\n`);
      await sleep(100);
    }
    const { ms } = await end;
    assert.ok(ms > 500 && ms < 3500, `${ms} ms: dripping does not buy time`);
  });

  it("for a body that stops", async () => {
    const tunnel = await stage.device.tunnel(HOST);
    tunnel.write(`POST /v1/chat/completions HTTP/1.1\r\nHost: ${HOST}\r\n` +
      "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
    const { ms } = await lifetime(tunnel);
    assert.ok(ms > 1000 && ms < 5000, `${ms} ms`);
    assert.equal(stage.provider.requests.length, 0);
  });

  it("for a silent keep-alive connection", async () => {
    const tunnel = await stage.device.tunnel(HOST);
    const { ms } = await lifetime(tunnel);
    assert.ok(ms > 500 && ms < 5000, `${ms} ms`);
  });

  it("for a provider that never answers: 504", async () => {
    stage.provider.plan = { wait: 20000 };
    const reply = await stage.device.post(OPENAI, chat("anybody?"));
    assert.equal(reply.status, 504, reply.err);
  });
});

describe("a crowd of the slow", () => {
  it("does not keep the quick from being served", async () => {
    const slow = [];
    for (let i = 0; i < 100; i++) {
      const socket = net.connect(stage.gate.ports.tls, "127.0.0.1");
      socket.on("error", () => {});
      socket.write(Buffer.from("16", "hex"));
      slow.push(socket);
    }
    const began = Date.now();
    const reply = await stage.device.post(OPENAI, chat("quick"));
    assert.equal(reply.status, 200, reply.err);
    assert.ok(Date.now() - began < 2000);
    for (const socket of slow) socket.destroy();
  });
});

describe("a provider that is not there", () => {
  it("502 with a reason", async () => {
    await stage.provider.stop();
    const reply = await stage.device.post(OPENAI, chat("hello?"));
    assert.equal(reply.status, 502, reply.err);
    assert.match(reply.text, /connect|refused|unreachable/i);
  });
});
