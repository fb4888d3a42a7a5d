// revoke.test.mjs - a revoked identity is out within a second: on its live
// connections, on resumed sessions, and on new ones.

import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { useStage } from "../support/stage.mjs";
import { Closed, request } from "../support/wire.mjs";

const HOST = "api.openai.com";
const stage = useStage({ settings: { workers: 2 } });

const ask = async (tunnel) => {
  tunnel.write(request("GET", "/v1/models", HOST));
  const reply = await tunnel.reader.reply({ limit: 3000 });
  return reply.status;
};

describe("revocation", () => {
  for (const via of ["mtls", "token"]) {
    it(`ends live connections within a second (${via})`, async (t) => {
      const device = await stage.gate.integration(`fleet-${via}`);
      const live = await Promise.all(Array.from({ length: 4 }, () =>
        device.tunnel(HOST, { via })));
      for (const tunnel of live) assert.equal(await ask(tunnel), 200);

      await stage.gate.commandOk("integration", "revoke", `fleet-${via}`,
        "--state", stage.gate.state);
      const began = Date.now();
      let last = 0;
      const stop = await Promise.all(live.map(async (tunnel) => {
        while (Date.now() - began < 3000) {
          const status = await ask(tunnel).catch((error) => {
            assert.ok(error instanceof Closed, error.message);
            return 0;
          });
          if (status !== 200) {
            last = Math.max(last, Date.now() - began);
            return status;
          }
          await sleep(10);
        }
        return 200;
      }));
      t.diagnostic(`the last of ${live.length} was out after ${last} ms`);
      for (const status of stop) assert.notEqual(status, 200);
      assert.ok(last <= 1000, `${last} ms`);
      await assert.rejects(device.tunnel(HOST, { via }));
    });
  }

  it("a resumed session is refused as well", async () => {
    const device = await stage.gate.integration("fleet-resumed");
    const first = await device.outer();
    const session = await Promise.race([once(first, "session")
      .then(([one]) => one), sleep(2000)]);
    assert.ok(session, "the listener gave no session to resume");
    first.destroy();
    const second = await device.outer({ session });
    assert.ok(second.isSessionReused(), "not resumed before the revocation");
    second.destroy();
    await stage.gate.commandOk("integration", "revoke", "fleet-resumed",
      "--state", stage.gate.state);
    await sleep(1000);
    const late = await device.connect(HOST, { session })
      .catch((error) => error);
    if (!(late instanceof Error)) {
      assert.equal(late.status, 403, late.head.text);
      late.socket.destroy();
    }
  });

  it("others are not disturbed", async () => {
    const tunnel = await stage.device.tunnel(HOST);
    assert.equal(await ask(tunnel), 200);
    const device = await stage.gate.integration("fleet-neighbour");
    await stage.gate.commandOk("integration", "revoke", "fleet-neighbour",
      "--state", stage.gate.state);
    for (let i = 0; i < 20; i++) {
      assert.equal(await ask(tunnel), 200);
      await sleep(50);
    }
    await assert.rejects(device.tunnel(HOST));
    tunnel.destroy();
  });
});
