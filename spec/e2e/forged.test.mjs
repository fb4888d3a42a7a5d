// forged.test.mjs - a leaf for a host that is not covered, signed with the
// stolen key of the inspection intermediate, convinces nobody. A leaf for a
// covered host, signed in the same way, does: the refusals are the constraint's.

import assert from "node:assert/strict";
import { once } from "node:events";
import fs from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import tls from "node:tls";
import { after, before, describe, it } from "node:test";
import { Browser, derOf } from "../support/chromium.mjs";
import { forge, intermediateOf } from "../support/forge.mjs";
import { execute, ROOT } from "../support/moongate.mjs";
import { useStage } from "../support/stage.mjs";

const COVERED = "api.openai.com";
const FORGED = ["bank.example.com", "openai.com.example.net",
  "notopenai.com", "127.0.0.1"];

const stage = useStage();
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "forged-"));
const servers = [];

async function serve(host) {
  const pair = forge(intermediateOf(stage.gate.state), dir, host);
  const server = https.createServer({ cert: fs.readFileSync(pair.cert),
    key: fs.readFileSync(pair.key) }, (_, reply) =>
    reply.end("<p id=\"forged\">believed</p>"));
  server.on("tlsClientError", () => {});
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  servers.push(server);
  return server.address().port;
}

// Every client: does it believe the server? It knows our root and no other.
const PYTHON = `
import socket, ssl, sys
host, port, ca = sys.argv[1:]
context = ssl.create_default_context(cafile=ca)
with socket.create_connection(("127.0.0.1", int(port))) as raw:
    with context.wrap_socket(raw, server_hostname=host):
        print("believed")
`;

const CLIENTS = {
  async curl(host, port, ca) {
    const done = await execute("curl", ["-q", "-sS", "--cacert", ca,
      "--connect-to", `${host}:443:127.0.0.1:${port}`, `https://${host}/`]);
    return { believed: done.code === 0, why: done.err };
  },
  async openssl(host, port, ca) {
    const name = /^[\d.]+$/.test(host) ? ["-verify_ip", host]
      : ["-verify_hostname", host, "-servername", host];
    const done = await execute("openssl", ["s_client", "-connect",
      `127.0.0.1:${port}`, "-CAfile", ca, "-no-CApath", "-no-CAstore",
      "-verify_return_error", ...name], { input: "" });
    return { believed: done.code === 0, why: done.err };
  },
  async node(host, port, ca) {
    const socket = tls.connect({ host: "127.0.0.1", port,
      ca: fs.readFileSync(ca), servername: tls.isIP?.(host) ? "" : host,
      checkServerIdentity: (_, cert) => tls.checkServerIdentity(host, cert) });
    const why = await Promise.race([once(socket, "secureConnect").then(() => ""),
      once(socket, "error").then(([error]) => error.message)])
      .catch((error) => error.message);
    socket.destroy();
    return { believed: why === "", why };
  },
  async python(host, port, ca) {
    const done = await execute("python3", ["-c", PYTHON, host, String(port), ca]);
    return { believed: /believed/.test(done.out), why: done.err };
  },
  async java(host, port, ca) {
    const store = path.join(dir, "trust.p12");
    if (!fs.existsSync(store)) {
      const made = await execute("keytool", ["-importcert", "-noprompt",
        "-alias", "moongate", "-file", ca, "-keystore", store, "-storetype",
        "PKCS12", "-storepass", "changeit"]);
      assert.equal(made.code, 0, made.out + made.err);
    }
    const hosts = path.join(dir, "hosts");
    fs.writeFileSync(hosts, [COVERED, ...FORGED].map((one) =>
      `127.0.0.1 ${one}\n`).join(""));
    const done = await execute("java", [`-Djdk.net.hosts.file=${hosts}`,
      `-Djavax.net.ssl.trustStore=${store}`,
      "-Djavax.net.ssl.trustStorePassword=changeit",
      "-XX:TieredStopAtLevel=1",
      path.join(ROOT, "spec/support/Fetch.java"), host, String(port)]);
    return { believed: /status 200/.test(done.out), why: done.err };
  },
  async chromium(host, port, ca) {
    // Without constraints in the policy: the certificate's own must hold.
    const browser = await Browser.make({ policies: {
      CACertificates: [derOf(ca)] } });
    const { dom, err } = await browser.open(`https://${host}/`,
      `--host-resolver-rules=MAP ${host}:443 127.0.0.1:${port}`);
    browser.close();
    // Told on stderr, or on the error page, as the build pleases.
    const why = `${err}\n${dom}`.match(/\bERR_CERT\w+/)?.[0] ?? "";
    return { believed: /id="forged"/.test(dom), why };
  },
};

describe("a leaf signed with the intermediate's key", () => {
  const ports = {};
  before(async () => {
    for (const host of [COVERED, ...FORGED]) ports[host] = await serve(host);
  });
  after(() => {
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
    fs.rmSync(dir, { recursive: true });
  });

  for (const [name, believes] of Object.entries(CLIENTS)) {
    it(`${name} believes the one for ${COVERED}`, async () => {
      const { believed, why } = await believes(COVERED, ports[COVERED],
        stage.device.ca);
      assert.ok(believed, why);
    });
    for (const host of FORGED) {
      it(`${name} does not believe the one for ${host}`, async () => {
        const { believed, why } = await believes(host, ports[host],
          stage.device.ca);
        assert.ok(!believed, "believed");
        assert.ok(why.length > 0, "no reason given");
      });
    }
  }
});

describe("keys", () => {
  it("a leaf's key is not the authority's, nor two hosts' authority", async () => {
    const tunnel = await stage.device.tunnel(COVERED);
    const leaf = tunnel.getPeerX509Certificate();
    const issuer = leaf.issuerCertificate;
    assert.ok(leaf.checkHost(COVERED));
    assert.ok(issuer, "the chain is not sent");
    assert.notEqual(leaf.publicKey.export({ format: "der", type: "spki" })
      .toString("hex"), issuer.publicKey.export({ format: "der", type: "spki" })
      .toString("hex"));
    assert.deepEqual(leaf.subjectAltName, `DNS:${COVERED}`);
    const days = (new Date(leaf.validTo) - new Date(leaf.validFrom)) / 864e5;
    assert.ok(days <= 9, `${days} days`);
    assert.ok(new Date(leaf.validFrom) < new Date(Date.now() - 36e5),
      "backdated, for clocks that are late");
    tunnel.destroy();
  });

  it("private keys below the state directory are for their owner alone", () => {
    const walk = (at) => {
      for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
        const full = path.join(at, entry.name);
        if (entry.isDirectory()) walk(full);
        else if (entry.isFile() &&
          fs.readFileSync(full, "latin1").includes("PRIVATE KEY")) {
          assert.equal(fs.statSync(full).mode & 0o077, 0, full);
        }
      }
    };
    walk(stage.gate.state);
    assert.equal(fs.statSync(stage.gate.state).mode & 0o077, 0);
  });
});
