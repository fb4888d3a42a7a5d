// fronting.test.mjs - a covered name greeted inside a tunnel to somewhere else
// is inspected after all; a host that is truly somewhere else is not; and what
// clients pin is refused or passed by setting, and always reported.

import assert from "node:assert/strict";
import fs from "node:fs";
import tls from "node:tls";
import { after, before, describe, it } from "node:test";
import { startMoongate, until } from "../support/moongate.mjs";
import { SECRET, USUAL } from "../support/policies.mjs";
import { startProvider } from "../support/provider.mjs";
import { chat, PROVIDER_DIR } from "../support/stage.mjs";
import { WireReader } from "../support/wire.mjs";

const FRONT = "front.example.org";
const COVERED = "api.openai.com";
let provider, gate, device;

before(async () => {
  provider = await startProvider({ dir: `${PROVIDER_DIR}-front`,
    hosts: [FRONT, COVERED] });
  gate = await startMoongate({ provider, policies: USUAL,
    connect: { [FRONT]: provider.address, [COVERED]: provider.address },
    settings: { workers: 1, proxy: { pinned: "tunnel" } } });
  device = await gate.integration("laptops");
});
after(async () => {
  await gate?.stop();
  await provider?.stop();
});

// TLS to `servername` inside a tunnel that CONNECT opened to `host`.
async function greet(host, servername, ca) {
  const { socket, status } = await device.connect(host);
  assert.equal(status, 200);
  const inner = tls.connect({ socket, servername,
    ca: fs.readFileSync(ca) });
  await new Promise((done, fail) => {
    inner.once("secureConnect", done);
    inner.once("error", fail);
  });
  return inner;
}

const post = (host, text) => {
  const body = JSON.stringify(chat(text));
  return "POST /v1/chat/completions HTTP/1.1\r\n" +
    `Host: ${host}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
};

describe("domain fronting", () => {
  it("a covered name inside a tunnel to another host is judged", async () => {
    const inner = await greet(FRONT, COVERED, device.ca);
    inner.write(post(COVERED, SECRET));
    const reply = await new WireReader(inner).reply();
    assert.equal(reply.status, 403);
    assert.equal(provider.requests.length, 0);
    inner.destroy();
  });

  it("the host itself passes unread", async () => {
    const inner = await greet(FRONT, FRONT, provider.ca);
    inner.write(post(FRONT, SECRET));
    await new WireReader(inner).reply();
    assert.ok(provider.requests.at(-1).body.includes(SECRET));
    inner.destroy();
  });
});

describe("proxy.pinned = \"tunnel\"", () => {
  it("who turns our certificate down is reported, then let through unread",
    async () => {
      // curl that trusts the provider alone turns our certificate down.
      const url = `https://${COVERED}/v1/chat/completions`;
      const refused = await device.post(url, chat("hi"), { ca: provider.ca });
      assert.equal(refused.status, 0);
      await until("the report", async () => (await gate.events()).some((one) =>
        one.failure === "client_distrust" && one.host === COVERED), 5000);
      const passed = await device.post(url, chat("hi"), { ca: provider.ca });
      assert.equal(passed.status, 200, passed.err);
    });
});
