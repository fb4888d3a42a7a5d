// room.test.mjs - a worker that holds all the bodies it may lets new ones wait;
// it neither fails them nor grows.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { USUAL } from "../support/policies.mjs";
import { chat, useStage } from "../support/stage.mjs";
import { WireReader } from "../support/wire.mjs";

const HOST = "api.openai.com";
const stage = useStage({ policies: USUAL, settings: { workers: 1,
  limits: { memory: "1MiB" } } });

const head = (length) => "POST /v1/chat/completions HTTP/1.1\r\n" +
  `Host: ${HOST}\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${length}\r\n\r\n`;

describe("room for bodies", () => {
  it("a new body waits until an old one is done", async () => {
    const large = JSON.stringify(chat("a".repeat(1200 << 10)));
    const small = JSON.stringify(chat("b".repeat(2 << 10)));
    const first = await stage.device.tunnel(HOST);
    const second = await stage.device.tunnel(HOST);
    const reader = new WireReader(second);

    first.write(head(large.length) + large.slice(0, -10));
    await sleep(300);
    second.write(head(small.length) + small);
    const early = await Promise.race([reader.reply(), sleep(500, "waits")]);
    assert.equal(early, "waits");

    first.write(large.slice(-10));
    const done = await (first.reader ?? new WireReader(first)).reply();
    assert.equal(done.status, 200);
    await sleep(200);
    const late = stage.provider.requests.filter((one) =>
      one.body.includes("bbbb"));
    assert.equal(late.length, 1);
    first.destroy();
    second.destroy();
  });
});
