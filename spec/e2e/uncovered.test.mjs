// uncovered.test.mjs - hosts that are nobody's application: carried unread or
// refused, by one setting.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { startMoongate } from "../support/moongate.mjs";
import { startProvider } from "../support/provider.mjs";
import { PROVIDER_DIR } from "../support/stage.mjs";
import { LOG_ALL, SECRET } from "../support/policies.mjs";

const HOST = "files.example.org";

for (const [setting, expected] of [["tunnel", 200], ["refuse", 403]]) {
  describe(`proxy.uncovered = "${setting}"`, () => {
    let provider, gate, device;
    before(async () => {
      provider = await startProvider({ dir: `${PROVIDER_DIR}-uncovered`,
        hosts: [HOST] });
      gate = await startMoongate({ provider, policies: { "log-all": LOG_ALL },
        connect: { [HOST]: provider.address },
        settings: { proxy: { uncovered: setting } } });
      device = await gate.integration("laptops");
    });
    after(async () => {
      await gate?.stop();
      await provider?.stop();
    });

    it(`CONNECT is answered ${expected}`, async () => {
      const reply = await device.post(`https://${HOST}/upload`, SECRET,
        { ca: provider.ca });
      assert.equal(reply.connect, expected, reply.err);
      if (setting === "tunnel") {
        // Verified against the provider's own root: nobody stood between.
        assert.equal(reply.status, 200, reply.err);
        assert.equal(provider.requests[0].body.toString(), SECRET);
      } else {
        assert.equal(provider.requests.length, 0);
      }
    });
  });
}
