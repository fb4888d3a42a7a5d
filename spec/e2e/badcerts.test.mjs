// badcerts.test.mjs - an upstream that nobody should believe becomes a 502 that
// says why; never a page, never silence. The servers are openssl's own, one
// after the other, with what spec/support/badcerts.sh made for them.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { ROOT, startMoongate } from "../support/moongate.mjs";
import { LOG_ALL } from "../support/policies.mjs";

const HOST = "api.openai.com";

// What the sentence says, for each word of core/tls/reason.c.
const SAYS = {
  expired: /expired on \d{4}-\d\d-\d\d/,
  not_yet_valid: /not valid before \d{4}-\d\d-\d\d/,
  wrong_host: /for another host/,
  self_signed: /self-signed/,
  untrusted_root: /not trusted|not known/,
  incomplete_chain: /without the certificate of its issuer/,
  name_constraints: /outside of what its issuer may sign/,
  issuer_not_a_ca: /no CA|may not|longer chain/,
  revoked: /is revoked/,
  weak_key: /too short|below 2048/,
  weak_hash: /SHA-1/,
  wrong_purpose: /not meant for servers/,
  broken_certificate: /wrong signature/,
  too_large: /too large/,
  old_protocol: /no TLS newer than 1\.1/,
  weak_ciphers: /no safe cipher suite/,
  wants_client_certificate: /client certificate|certificate required/,
  closed: /closed the connection/, // TLS 1.3: once the handshake is over
  other: /./,
};

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "badcerts-"));
execFileSync(path.join(ROOT, "spec/support/badcerts.sh"), [dir, HOST]);
const cases = fs.readFileSync(path.join(dir, "cases"), "utf8").trim()
  .split("\n").map((line) => line.split("\t"));

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

describe("an upstream's certificate", () => {
  let gate, device, port;
  before(async () => {
    port = await freePort();
    gate = await startMoongate({ policies: { "log-all": LOG_ALL },
      connect: { [HOST]: `127.0.0.1:${port}` },
      settings: { upstream: { ca: path.join(dir, "root.crt"),
        crl: path.join(dir, "root.crl") } } });
    device = await gate.integration("laptops");
  });
  after(async () => {
    await gate?.stop();
    fs.rmSync(dir, { recursive: true });
  });

  // Its output ends with "ACCEPT" once it listens.
  async function serve(args) {
    const server = spawn("openssl", ["s_server", "-www", "-accept",
      `127.0.0.1:${port}`, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [server.stdout, server.stderr]) {
      stream.on("data", (text) => { said += text; });
    }
    for (let i = 0; i < 200 && !said.includes("ACCEPT"); i++) {
      assert.equal(server.exitCode, null, said);
      await sleep(10);
    }
    return server;
  }

  for (const [name, expected, args] of cases) {
    it(`${name}: ${expected}`, async () => {
      const server = await serve(args.trim().split(/ +/));
      const reply = await device.curl(`https://${HOST}/v1/models`);
      server.kill("SIGKILL");
      await once(server, "exit");
      if (expected === "ok") {
        assert.equal(reply.status, 200, reply.text);
        return;
      }
      assert.equal(reply.status, 502, reply.text + reply.err);
      const words = expected.split("|");
      assert.ok(words.some((word) => SAYS[word].test(reply.text)), reply.text);
    });
  }
});
