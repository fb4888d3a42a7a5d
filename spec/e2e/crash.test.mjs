// crash.test.mjs - a worker that dies takes its own connections with it, and
// nothing else: no connection is refused, no finished exchange forgotten.
//
// KILLS sets how often; a release runs 20.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { knock, Load } from "../support/load.mjs";
import { family, until } from "../support/moongate.mjs";
import { chat, OPENAI, useStage } from "../support/stage.mjs";

const KILLS = Number(process.env.KILLS ?? 5);
const stage = useStage({ settings: { workers: 2 } });

describe("kill -9 of a worker", () => {
  it(`${KILLS} times under load: no refused connection, no lost event`,
    async (t) => {
      const load = await new Load(stage.device, { rate: 150, tunnels: 16,
        prefix: "crash" }).start();
      const door = knock(stage.gate.ports.tls);
      await sleep(300);
      for (let n = 0; n < KILLS; n++) {
        const victim = (await stage.gate.pids()).workers[n % 2];
        assert.ok(family(stage.gate.pid).includes(victim));
        process.kill(victim, "SIGKILL");
        await until("a successor", async () => {
          const { workers } = await stage.gate.pids();
          return workers.every((pid) => pid > 0 && pid !== victim);
        }, 10000);
        await sleep(200);
      }
      await load.stop();
      door.stop();
      t.diagnostic(`${load.answered} answered, ${load.lost} tunnels lost ` +
        `under way, ${door.knocks} knocks, slowest ${load.worst | 0} ms`);
      assert.equal(door.refused, 0);
      assert.equal(load.refused, 0);
      // Only what was under way on the dead worker may be lost.
      assert.ok(load.failed.length <= KILLS * 16,
        JSON.stringify(load.failed.slice(0, 3)));
      assert.deepEqual(load.failed.filter((one) =>
        /^\d/.test(one.why)).slice(0, 3), []);
      assert.ok(load.answered > KILLS * 20);

      let gone = load.finished;
      await until("every finished exchange's event", async () => {
        const kept = new Set((await stage.gate.events())
          .map((one) => one.path));
        gone = load.finished.filter((path) => !kept.has(path));
        return gone.length === 0;
      }, 15000, 500).catch(() => {});
      assert.deepEqual(gone.slice(0, 5), [],
        `${gone.length} of ${load.finished.length} finished exchanges lost`);
    });

  it("no event is kept twice", async () => {
    const ids = (await stage.gate.events()).map((one) => one.event_id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it("the control process, killed, comes back and goes on", async () => {
    const { control: victim } = await stage.gate.pids();
    process.kill(victim, "SIGKILL");
    // Traffic does not wait for it.
    const reply = await stage.device.post(OPENAI, chat("meanwhile"));
    assert.equal(reply.status, 200, reply.err);
    await until("a new control process", async () => {
      const now = await stage.gate.pids().catch(() => null);
      return now && now.control !== victim;
    });
    await stage.device.post(OPENAI.replace("completions", "afterwards"),
      chat("afterwards"));
    await stage.gate.event((one) => one.path === "/v1/chat/afterwards");
  });

  it("the signer, killed, comes back: a new host is opened", async () => {
    const { signer: victim } = await stage.gate.pids();
    process.kill(victim, "SIGKILL");
    await until("a new signer", async () =>
      (await stage.gate.pids()).signer !== victim);
    await until("a leaf for a new host", async () => (await stage.device.post(
      "https://api.mistral.ai/v1/chat/completions", chat("new host")))
      .status === 200, 5000);
  });
});
