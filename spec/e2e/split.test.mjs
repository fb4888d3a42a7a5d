// split.test.mjs - where bytes are cut never matters: byte by byte, in TLS
// records of one byte, and at every point of a request of 4 KB.
//
// SPLITS=all tries every point; otherwise every seventh, and all around spans.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { CARD, EMAIL, SECRET } from "../support/policies.mjs";
import { chat, said, useStage } from "../support/stage.mjs";
import { request } from "../support/wire.mjs";

const HOST = "api.openai.com";
const stage = useStage();

const filler = "The moon gate stands in the garden wall, caf\u00e9 \u{1F319}. ";
const content = (middle) => filler.repeat(42) + middle + filler.repeat(31);
const wire = (text) => request("POST", "/v1/chat/completions", HOST,
  { body: JSON.stringify(chat(text)) });

const MASKED = `to ${EMAIL}, card ${CARD}, end. `;
const EXPECTED = "to [EMAIL], card [CARD], end. ";

// Waits for each write, so that every piece is a TLS record of its own.
const put = (socket, piece) => new Promise((done) => socket.write(piece, done));

describe("one byte a record", () => {
  it("a request and its masks", async () => {
    const tunnel = await stage.device.tunnel(HOST);
    const bytes = wire(MASKED);
    for (let i = 0; i < bytes.length; i++) {
      await put(tunnel, bytes.subarray(i, i + 1));
      await turn();
    }
    const reply = await tunnel.reader.reply();
    assert.equal(said(JSON.parse(reply.text)), `You said: ${EXPECTED}`);
    tunnel.destroy();
  });

  it("a block", async () => {
    const tunnel = await stage.device.tunnel(HOST);
    const bytes = wire(`key ${SECRET}`);
    for (let i = 0; i < bytes.length; i++) {
      await put(tunnel, bytes.subarray(i, i + 1));
    }
    assert.equal((await tunnel.reader.reply()).status, 403);
    assert.equal(stage.provider.requests.length, 0);
    tunnel.destroy();
  });

  it("CONNECT itself", async () => {
    const socket = await stage.device.outer();
    const bytes = Buffer.from(`CONNECT ${HOST}:443 HTTP/1.1\r\n` +
      `Host: ${HOST}:443\r\n\r\n`);
    let answer = "";
    socket.on("data", (piece) => { answer += piece; });
    for (let i = 0; i < bytes.length; i++) {
      assert.equal(answer, "", "answered before the end");
      await put(socket, bytes.subarray(i, i + 1));
      await turn();
    }
    while (!answer.includes("\r\n\r\n")) await turn();
    assert.match(answer, /^HTTP\/1.1 200 /);
    socket.destroy();
  });

  it("a whole exchange through a proxy hop cut byte by byte", async () => {
    const tunnel = await stage.device.tunnel(HOST, { via: "token" });
    const bytes = wire(MASKED);
    for (let i = 0; i < bytes.length; i += 3) {
      await put(tunnel, bytes.subarray(i, i + 3));
    }
    const reply = await tunnel.reader.reply();
    assert.equal(said(JSON.parse(reply.text)), `You said: ${EXPECTED}`);
    tunnel.destroy();
  });
});

describe("every split point of a 4 KB request", () => {
  for (const [name, middle, status] of [["mask", MASKED, 200],
    ["block", `key ${SECRET}, end. `, 403]]) {
    it(name, async (t) => {
      const bytes = wire(content(middle));
      assert.ok(bytes.length >= 4000, `${bytes.length} bytes`);
      const near = bytes.indexOf(name === "mask" ? "to ana" : "key AKIA");
      const points = [];
      for (let at = 1; at < bytes.length; at++) {
        const close = at < 200 || Math.abs(at - near) < 80;
        if (process.env.SPLITS === "all" || close || at % 7 === 0) {
          points.push(at);
        }
      }
      t.diagnostic(`${points.length} of ${bytes.length} points`);
      const want = JSON.stringify(chat(content(EXPECTED)));
      let tunnel = await stage.device.tunnel(HOST);
      for (const at of points) {
        if (tunnel.reader.ended) tunnel = await stage.device.tunnel(HOST);
        stage.provider.requests.length = 0;
        await put(tunnel, bytes.subarray(0, at));
        await turn();
        await put(tunnel, bytes.subarray(at));
        const reply = await tunnel.reader.reply();
        assert.equal(reply.status, status, `split at ${at}: ${reply.text}`);
        if (status === 200) {
          assert.equal(stage.provider.requests[0].body.toString(), want,
            `split at ${at}`);
        } else {
          assert.equal(stage.provider.requests.length, 0, `split at ${at}`);
        }
      }
      tunnel.destroy();
    });
  }
});
