// reload.test.mjs - a reload changes the rules and nothing else: no request
// fails, and a broken one says where it is broken and changes nothing.
//
// RELOADS and RELOAD_RATE set the numbers; a release runs 200 at 500 a second.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Load } from "../support/load.mjs";
import { until } from "../support/moongate.mjs";
import { chat, OPENAI, useStage } from "../support/stage.mjs";

const RELOADS = Number(process.env.RELOADS ?? 40);
const RATE = Number(process.env.RELOAD_RATE ?? 100);
const stage = useStage({ settings: { workers: 2 } });

const good = (n) => `return Policy "canary" {
  about = "Number ${n}.",
  Where = anywhere,
  When  = input:has(keywords { "magpie-${n}" }),
  Then  = block "magpie ${n}",
}
`;

// Each is broken in its own way; the line that is wrong is the number.
const BROKEN = [
  [4, "return Policy \"canary\" {\n  about = \"x\",\n  Where = anywhere,\n" +
    "  When  = input:has(no_such_word),\n  Then  = block \"x\",\n}\n"],
  [5, "return Policy \"canary\" {\n  about = \"x\",\n  Where = anywhere,\n" +
    "  When  = always,\n  Then  = blok \"x\",\n}\n"],
  [2, "return Policy \"canary\" {\n  about = = \"x\",\n}\n"],
  [1, "while true do end\n"],
];

describe("reload", () => {
  it("takes effect, and a broken one does not", async () => {
    const ask = async (n) => (await stage.device.post(OPENAI,
      chat(`the magpie-${n}`))).status;
    stage.gate.writePolicy("canary", good(1));
    await stage.gate.reload();
    await until("policy 1", async () => await ask(1) === 403, 5000);
    stage.gate.writePolicy("canary", BROKEN[0][1]);
    await stage.gate.reload();
    assert.equal(await ask(1), 403, "the last good rules stay");
    stage.gate.writePolicy("canary", good(2));
    await stage.gate.reload();
    await until("policy 2", async () => await ask(2) === 403, 5000);
    assert.equal(await ask(1), 200);
  });

  it(`${RELOADS} under ${RATE} requests a second, every other one broken: ` +
    "0 failed requests", async (t) => {
    stage.gate.writePolicy("canary", good(0));
    await stage.gate.reload();
    const load = await new Load(stage.device, { rate: RATE }).start();
    const missing = [];
    for (let n = 0; n < RELOADS; n++) {
      const broken = n % 2 === 1 ? BROKEN[(n >> 1) % BROKEN.length] : null;
      stage.gate.writePolicy("canary", broken ? broken[1] : good(n));
      const from = stage.gate.log.length;
      await stage.gate.reload();
      if (broken) {
        const wanted = new RegExp(`canary\\.lua:${broken[0]}\\b`);
        await until("the report", () =>
          wanted.test(stage.gate.log.slice(from)), 5000).catch(() => {
          missing.push(`line ${broken[0]} not in: ${
            stage.gate.log.slice(from)}`);
        });
      }
    }
    await load.stop();
    t.diagnostic(`${load.answered} answered, slowest ${load.worst | 0} ms`);
    assert.deepEqual(load.failed.slice(0, 5), []);
    assert.equal(load.lost, 0);
    assert.equal(load.refused, 0);
    assert.ok(load.answered > RELOADS);
    assert.deepEqual(missing, []);
  });

  it("status tells the generation and the last failure", async () => {
    stage.gate.writePolicy("canary", BROKEN[0][1]);
    await stage.gate.reload();
    const said = await until("the failure in status", async () => {
      const text = JSON.stringify(await stage.gate.status());
      return text.includes("canary.lua:4") && text;
    }, 5000);
    assert.match(said, /no_such_word/);
  });

  it("a drain answers what is under way and takes nothing new", async () => {
    stage.provider.plan = { wait: 800 };
    const slow = stage.device.post(OPENAI, chat("finish me"));
    await until("the request", () => stage.provider.requests.length === 1);
    stage.gate.child.kill("SIGTERM");
    assert.equal((await slow).status, 200);
    assert.equal(await stage.gate.drain(), 0);
  });
});
