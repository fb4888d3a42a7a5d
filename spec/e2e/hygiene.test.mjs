// hygiene.test.mjs - what our own connection upstream looks like: as good as a
// browser's (grade A of the interception checklist), and what the device's
// looks like: no worse.

import assert from "node:assert/strict";
import { once } from "node:events";
import net from "node:net";
import tls from "node:tls";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { execute, startMoongate } from "../support/moongate.mjs";
import { LOG_ALL } from "../support/policies.mjs";
import { startProvider } from "../support/provider.mjs";
import { chat, PROVIDER_DIR } from "../support/stage.mjs";

const HOST = "api.openai.com";

// The fields of a ClientHello that the checklist asks about.
function clientHello(bytes) {
  let at = 5 + 4;
  const number = (size) => bytes.readUIntBE((at += size) - size, size);
  const list = (bytesOfLength, bytesOfItem) => {
    const end = number(bytesOfLength) + at;
    const found = [];
    while (at < end) found.push(number(bytesOfItem));
    return found;
  };
  const hello = { version: number(2) };
  at += 32;
  list(1, 1);
  hello.suites = list(2, 2);
  hello.compression = list(1, 1);
  hello.extensions = new Map();
  const end = number(2) + at;
  while (at < end) {
    const type = number(2);
    const size = number(2);
    hello.extensions.set(type, bytes.subarray(at, at + size));
    at += size;
  }
  const pairs = (body, skip) => {
    const found = [];
    for (let i = skip; i + 1 < body.length; i += 2) {
      found.push(body.readUInt16BE(i));
    }
    return found;
  };
  const get = (type, skip) => pairs(hello.extensions.get(type) ??
    Buffer.alloc(0), skip);
  hello.versions = get(43, 1);
  hello.groups = get(10, 2);
  hello.signatures = get(13, 2);
  hello.name = hello.extensions.get(0)?.subarray(5).toString();
  hello.alpn = hello.extensions.get(16)?.subarray(2).toString("latin1");
  return hello;
}

// TLS 1.3's three, and ECDHE with an AEAD; 0x00ff says "renegotiate safely".
const GOOD_SUITES = new Set([0x1301, 0x1302, 0x1303, 0xc02b, 0xc02c, 0xc02f,
  0xc030, 0xcca8, 0xcca9, 0x00ff]);

describe("our ClientHello upstream", () => {
  let gate, device, listener, hello;
  before(async () => {
    const heard = Promise.withResolvers();
    listener = net.createServer((socket) => {
      socket.on("error", () => {});
      let bytes = Buffer.alloc(0);
      socket.on("data", (piece) => {
        bytes = Buffer.concat([bytes, piece]);
        if (bytes.length >= 5 && bytes.length >= 5 + bytes.readUInt16BE(3)) {
          heard.resolve(bytes);
          socket.destroy();
        }
      });
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    gate = await startMoongate({ policies: { "log-all": LOG_ALL },
      connect: { [HOST]: `127.0.0.1:${listener.address().port}` } });
    device = await gate.integration("laptops");
    const ask = device.post(`https://${HOST}/v1/chat/completions`, chat("hi"));
    hello = clientHello(await heard.promise);
    const reply = await ask;
    assert.equal(reply.status, 502);
  });
  after(async () => {
    await gate?.stop();
    listener?.close();
  });

  it("offers TLS 1.3 and 1.2, and nothing older", () => {
    assert.ok(hello.versions.includes(0x0304), "TLS 1.3");
    assert.ok(hello.versions.every((one) => one === 0x0304 || one === 0x0303 ||
      (one & 0x0f0f) === 0x0a0a), hello.versions.map((one) => one.toString(16))
      .join());
  });
  it("offers suites with forward secrecy and AEAD only", () => {
    const bad = hello.suites.filter((one) => !GOOD_SUITES.has(one));
    assert.deepEqual(bad.map((one) => one.toString(16)), []);
  });
  it("offers no compression", () => {
    assert.deepEqual(hello.compression, [0]);
  });
  it("offers modern groups, no finite fields below 2048 bits", () => {
    assert.ok(hello.groups.includes(0x001d) || hello.groups.includes(0x11ec));
    assert.ok(hello.groups.includes(0x0017));
  });
  it("takes no SHA-1 signature", () => {
    const bad = hello.signatures.filter((one) => one >> 8 === 2 || one >> 8 === 1);
    assert.deepEqual(bad.map((one) => one.toString(16)), []);
  });
  it("names the host, and asks for the HTTP that it speaks", () => {
    assert.equal(hello.name, HOST);
    assert.match(hello.alpn, /http\/1.1/);
  });
});

describe("what the device is offered", () => {
  let provider, gate, device;
  before(async () => {
    provider = await startProvider({ dir: PROVIDER_DIR });
    gate = await startMoongate({ provider, policies: { "log-all": LOG_ALL } });
    device = await gate.integration("laptops");
  });
  after(async () => {
    await gate?.stop();
    await provider?.stop();
  });

  const offers = (...args) => execute("openssl", ["s_client", "-connect",
    `127.0.0.1:${gate.ports.tls}`, "-servername", "localhost", ...args],
  { input: "", timeout: 10000 });

  for (const [name, args] of Object.entries({
    "TLS 1.0": ["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
    "TLS 1.1": ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
    "a suite without forward secrecy": ["-tls1_2", "-cipher", "AES128-GCM-SHA256"],
    "a suite with CBC": ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"],
  })) {
    it(`the proxy listener does not take ${name}`, async () => {
      const done = await offers(...args);
      assert.match(done.out + done.err, /Cipher is \(NONE\)|no protocols available/);
    });
  }

  it("the proxy listener takes TLS 1.2 and 1.3", async () => {
    for (const version of ["-tls1_2", "-tls1_3"]) {
      const done = await offers(version);
      assert.match(done.out, /Cipher is (TLS_AES|ECDHE)/, done.err);
    }
  });

  it("TLS within is 1.3, and ALPN says HTTP/1.1", async () => {
    const tunnel = await device.tunnel(HOST);
    assert.equal(tunnel.getProtocol(), "TLSv1.3");
    assert.equal(tunnel.alpnProtocol, "http/1.1");
    tunnel.destroy();
  });

  it("a name within that is not the tunnel's is refused", async () => {
    const { socket } = await device.connect(HOST);
    const inner = tls.connect({ socket, servername: "api.anthropic.com",
      rejectUnauthorized: false });
    const end = await Promise.race([once(inner, "error").then(() => "error"),
      once(inner, "close").then(() => "close"),
      once(inner, "secureConnect").then(() => "open"), sleep(3000, "silence")])
      .catch(() => "error");
    if (end === "open") {
      inner.write("GET /v1/models HTTP/1.1\r\nHost: api.anthropic.com\r\n\r\n");
      const [piece] = await once(inner, "data");
      assert.match(piece.toString(), /^HTTP\/1.1 421 /);
    }
    assert.notEqual(end, "silence");
    assert.equal(provider.requests.length, 0);
    inner.destroy();
    socket.destroy();
  });

  it("security fields of a reply pass as they are", async () => {
    const headers = { "Strict-Transport-Security": "max-age=31536000",
      "Content-Security-Policy": "default-src 'self'", "Set-Cookie": "a=b; Secure",
      "X-Content-Type-Options": "nosniff", "Expect-CT": "max-age=1" };
    provider.plan = { headers };
    const reply = await device.post(`https://${HOST}/v1/chat/completions`,
      chat("hi"));
    for (const [name, value] of Object.entries(headers)) {
      assert.equal(reply.headers[name.toLowerCase()], value);
    }
  });

  it("Sec- fields of a request pass as they are", async () => {
    provider.reset();
    const headers = { "Sec-Fetch-Mode": "cors", "Sec-CH-UA": "\"x\";v=\"1\"" };
    await device.post(`https://${HOST}/v1/chat/completions`, chat("hi"),
      { headers });
    for (const [name, value] of Object.entries(headers)) {
      assert.equal(provider.requests[0].headers[name.toLowerCase()], value);
    }
  });
});
