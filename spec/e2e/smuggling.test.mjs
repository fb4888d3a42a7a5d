// smuggling.test.mjs - messages that two readers could read differently do not
// pass: refused, or read in the one way that the standard allows.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EMAIL, MASK_REPLIES, USUAL } from "../support/policies.mjs";
import { useStage } from "../support/stage.mjs";
import { Closed, request } from "../support/wire.mjs";

const HOST = "api.openai.com";
const stage = useStage({ policies: { ...USUAL, "mask-replies": MASK_REPLIES } });

const LATER = `GET /smuggled HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`;
const post = (fields, body = "") =>
  `POST /v1/embeddings HTTP/1.1\r\nHost: ${HOST}\r\n${fields}\r\n${body}`;
const chunked = (field, body = `0\r\n\r\n${LATER}`) => post(`${field}\r\n`, body);
const json = "Content-Type: application/json\r\n";

// Every row is refused, and nothing of it reaches the provider.
const REQUESTS = {
  "Content-Length and Transfer-Encoding": post(
    "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", `0\r\n\r\n${LATER}`),
  "Transfer-Encoding and Content-Length": post(
    "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
    `5c\r\n${LATER}\r\n0\r\n\r\n`),
  "TE with a tab before the value": chunked("Transfer-Encoding:\tchunked, x"),
  "TE xchunked": chunked("Transfer-Encoding: xchunked"),
  "TE quoted": chunked("Transfer-Encoding: \"chunked\""),
  "TE twice": chunked(
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"),
  "TE chunked twice in one": chunked("Transfer-Encoding: chunked, chunked"),
  "TE chunked not last": chunked("Transfer-Encoding: chunked, gzip"),
  "TE identity": chunked("Transfer-Encoding: identity"),
  "TE with a control byte": chunked("Transfer-Encoding: \x0bchunked"),
  "TE after a space in its name": chunked("Transfer-Encoding : chunked"),
  "TE folded": chunked("Transfer-Encoding:\r\n chunked"),
  "TE in HTTP/1.0": `POST /v1/embeddings HTTP/1.0\r\nHost: ${HOST}\r\n` +
    `Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${LATER}`,
  "bare LF after a field": post("X: 1\nContent-Length: 0\r\n"),
  "bare LF after the request line":
    `GET /v1/models HTTP/1.1\nHost: ${HOST}\r\n\r\n`,
  "bare LF LF": `GET /v1/models HTTP/1.1\nHost: ${HOST}\n\n`,
  "bare CR in a value": post("X: 1\rY: 2\r\nContent-Length: 0\r\n"),
  "NUL in a value": post("X: 1\0\r\nContent-Length: 0\r\n"),
  "obs-fold": post("X: 1\r\n folded\r\nContent-Length: 0\r\n"),
  "space before the colon": post("Content-Length : 0\r\n"),
  "space before the first field":
    `GET /v1/models HTTP/1.1\r\n X: 1\r\nHost: ${HOST}\r\n\r\n`,
  "a field without a colon": post("Nonsense\r\nContent-Length: 0\r\n"),
  "an empty field name": post(": 1\r\nContent-Length: 0\r\n"),
  "a field name with brackets": post("X[a]: 1\r\nContent-Length: 0\r\n"),
  "two different lengths": post("Content-Length: 0\r\nContent-Length: 40\r\n",
    LATER),
  "two lengths in one": post("Content-Length: 0, 40\r\n", LATER),
  "a negative length": post("Content-Length: -1\r\n", LATER),
  "a length with a plus": post("Content-Length: +0\r\n", LATER),
  "a length in hex": post("Content-Length: 0x10\r\n", LATER),
  "a length with a space inside": post("Content-Length: 1 0\r\n", LATER),
  "an empty length": post("Content-Length:\r\n", LATER),
  "a length beyond 64 bits": post("Content-Length: 18446744073709551616\r\n",
    LATER),
  "a chunk size beyond 64 bits": chunked("Transfer-Encoding: chunked",
    "10000000000000000\r\nx\r\n0\r\n\r\n"),
  "a negative chunk size": chunked("Transfer-Encoding: chunked",
    "-1\r\nx\r\n0\r\n\r\n"),
  "a chunk size of 0x": chunked("Transfer-Encoding: chunked",
    "0x1\r\nx\r\n0\r\n\r\n"),
  "an empty chunk size": chunked("Transfer-Encoding: chunked",
    "\r\nx\r\n0\r\n\r\n"),
  "a chunk size and a bare LF": chunked("Transfer-Encoding: chunked",
    "1\nx\r\n0\r\n\r\n"),
  "a chunk longer than it says": chunked("Transfer-Encoding: chunked",
    "1\r\nxyz\r\n0\r\n\r\n"),
  "a chunk extension with a bare LF": chunked("Transfer-Encoding: chunked",
    "1;a=\nb\r\nx\r\n0\r\n\r\n"),
  "a chunk extension without end": chunked("Transfer-Encoding: chunked",
    `1;${"a".repeat(70000)}\r\nx\r\n0\r\n\r\n`),
  "no Host": "GET /v1/models HTTP/1.1\r\n\r\n",
  "two Hosts":
    `GET /v1/models HTTP/1.1\r\nHost: ${HOST}\r\nHost: evil.example\r\n\r\n`,
  "a Host that is not the tunnel's":
    "GET /v1/models HTTP/1.1\r\nHost: evil.example\r\n\r\n",
  "absolute form of another host":
    `GET https://evil.example/v1/models HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
  "Host with credentials":
    `GET /v1/models HTTP/1.1\r\nHost: evil@${HOST}\r\n\r\n`,
  "CONNECT within a tunnel":
    `CONNECT ${HOST}:443 HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n`,
  "a version of the future": `GET /v1/models HTTP/1.9\r\nHost: ${HOST}\r\n\r\n`,
  "HTTP/2's preface": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "no version": "GET /v1/models\r\n\r\n",
  "a space in the path":
    `GET /v1/mod els HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
  "a control byte in the path":
    `GET /v1/mo\x01dels HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
  "a method with a bracket": `G{T /v1/models HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
  "a request line of 20 KB":
    `GET /${"a".repeat(20000)} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
  "fields of 80 KB": post(`X: ${"a".repeat(80000)}\r\nContent-Length: 0\r\n`),
  "300 fields": post(Array.from({ length: 300 }, (_, i) => `X-${i}: 1\r\n`)
    .join("") + "Content-Length: 0\r\n"),
  "bytes that are not HTTP": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
};

// Rows that are read in the standard's one way: 200, and LATER is never a body.
const FINE = {
  "the same length twice is one length or a refusal": [post(
    `${json}Content-Length: 2\r\nContent-Length: 2\r\n`, "{}"), [200, 400]],
  "a chunk extension is skipped": [chunked(`${json}Transfer-Encoding: chunked`,
    "2;a=b;c=\"d\"\r\n{}\r\n0\r\n\r\n"), [200]],
  "upper case in Transfer-Encoding": [chunked(
    `${json}TRANSFER-ENCODING: Chunked`, "2\r\n{}\r\n0\r\n\r\n"), [200]],
  "leading zeros in a chunk size": [chunked(
    `${json}Transfer-Encoding: chunked`, "0002\r\n{}\r\n000\r\n\r\n"),
  [200, 400]],
  "absolute form of the same host": [
    `GET https://${HOST}/v1/models HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
    [200, 400]],
  "Host in capitals": [
    `GET /v1/models HTTP/1.1\r\nHost: ${HOST.toUpperCase()}\r\n\r\n`, [200]],
  "Host with the port": [
    `GET /v1/models HTTP/1.1\r\nHost: ${HOST}:443\r\n\r\n`, [200]],
  "empty lines before a request": [
    `\r\n\r\nGET /v1/models HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`, [200, 400]],
  "a GET with a body": [
    `GET /v1/models HTTP/1.1\r\nHost: ${HOST}\r\nContent-Length: 2\r\n\r\n{}`,
    [200]],
};

const forbidden = () => stage.provider.requests.filter((one) =>
  one.url.includes("smuggled") || one.host.toLowerCase() !== HOST);

describe("requests that are refused", () => {
  for (const [name, bytes] of Object.entries(REQUESTS)) {
    it(name, async () => {
      const tunnel = await stage.device.tunnel(HOST);
      tunnel.write(Buffer.from(bytes, "latin1"));
      const reply = await tunnel.reader.reply({ limit: 3000 })
        .catch((error) => error);
      if (!(reply instanceof Closed)) {
        assert.ok(!(reply instanceof Error), reply.message);
        assert.ok(reply.status >= 400 && reply.status <= 505 &&
          reply.status !== 404, `${reply.status} ${reply.text}`);
        // Having lost the border between messages, it must not go on.
        await tunnel.reader.toEnd(3000);
      }
      await sleep(20);
      assert.deepEqual(stage.provider.requests.map((one) =>
        `${one.method} ${one.url}`), []);
      tunnel.destroy();
    });
  }
});

describe("requests that have one reading", () => {
  for (const [name, [bytes, statuses]] of Object.entries(FINE)) {
    it(name, async () => {
      const tunnel = await stage.device.tunnel(HOST);
      tunnel.write(Buffer.from(bytes, "latin1"));
      const reply = await tunnel.reader.reply({ limit: 3000 });
      assert.ok(statuses.includes(reply.status), `${reply.status} ${reply.text}`);
      assert.deepEqual(forbidden(), []);
      if (reply.status === 200) {
        tunnel.write(request("GET", "/v1/models", HOST));
        assert.equal((await tunnel.reader.reply({ limit: 3000 })).status, 200);
      }
      tunnel.destroy();
    });
  }
});

// Replies that could be read in two ways. The device gets a 502, an end, or the
// one reading - and never the second, hidden reply, nor what was to be masked.
const HIDDEN = "HTTP/1.1 200 OK\r\nX-Hidden: 1\r\nContent-Length: 0\r\n\r\n";
const REPLIES = {
  "length and chunks": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" +
    `Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
  "two lengths": "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 60" +
    `\r\n\r\n${HIDDEN}`,
  "a length with a plus": `HTTP/1.1 200 OK\r\nContent-Length: +0\r\n\r\n${HIDDEN}`,
  "TE xchunked": "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n" +
    `0\r\n\r\n${HIDDEN}`,
  "a chunk size beyond 64 bits": "HTTP/1.1 200 OK\r\n" +
    "Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nx\r\n0\r\n\r\n",
  "a chunk with a bare LF": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked" +
    "\r\n\r\n1\nx\n0\n\n",
  "bare LF in the head": `HTTP/1.1 200 OK\nContent-Length: 0\n\n${HIDDEN}`,
  "bare CR in a value": "HTTP/1.1 200 OK\r\nX: 1\rX-Hidden: 1\r\n" +
    "Content-Length: 0\r\n\r\n",
  "obs-fold": "HTTP/1.1 200 OK\r\nX: 1\r\n X-Hidden: 1\r\n" +
    "Content-Length: 0\r\n\r\n",
  "space before the colon":
    `HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n${HIDDEN}`,
  "204 with a length and a body":
    `HTTP/1.1 204 No Content\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  "304 with chunks": "HTTP/1.1 304 Not Modified\r\n" +
    `Transfer-Encoding: chunked\r\n\r\n${HIDDEN}`,
  "101 that nobody asked for":
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade` +
    `\r\n\r\n${HIDDEN}`,
  "an endless head": `HTTP/1.1 200 OK\r\nX: ${"a".repeat(100000)}`,
  "a status of two digits": "HTTP/1.1 20 OK\r\nContent-Length: 0\r\n\r\n",
  "not HTTP": "SSH-2.0-OpenSSH_9.2\r\n\r\n",
  "interim answers without end": "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(2000),
  "a reply before its time": "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}" +
    HIDDEN,
};

describe("replies that could be read in two ways", () => {
  for (const [name, bytes] of Object.entries(REPLIES)) {
    it(name, async () => {
      let first = true;
      stage.provider.plan = () => first ? { raw(socket) {
        first = false;
        socket.write(Buffer.from(bytes, "latin1"));
        setTimeout(() => socket.end(), 200).unref();
      } } : {};
      const tunnel = await stage.device.tunnel(HOST);
      tunnel.write(request("GET", "/v1/first", HOST));
      const reply = await tunnel.reader.reply({ limit: 5000 })
        .catch((error) => error);
      if (!(reply instanceof Error)) {
        assert.equal(reply.headers["x-hidden"], undefined);
        assert.ok(reply.status === 502 || !reply.text?.includes("X-Hidden") ||
          reply.status === 200, reply.text);
      } else {
        assert.ok(reply instanceof Closed, reply.message);
      }
      // On this connection and on another, the next reply is its own.
      for (const one of [tunnel, await stage.device.tunnel(HOST)]) {
        if (one.reader.ended) continue;
        one.write(request("GET", "/v1/models", HOST));
        const next = await one.reader.reply({ limit: 5000 })
          .catch((error) => error);
        if (next instanceof Closed) continue;
        assert.ok(!(next instanceof Error), next.message);
        assert.equal(next.headers["x-hidden"], undefined, "the hidden reply");
        assert.match(next.text, /gpt-sim/);
        one.destroy();
      }
      tunnel.destroy();
    });
  }

  it("what should be masked is masked in whatever passes", async () => {
    stage.provider.plan = { raw(socket) {
      socket.write("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" +
        "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n");
      const body = JSON.stringify({ choices: [{ message: {
        content: `mail ${EMAIL}` } }] });
      for (const letter of body) socket.write(`1;x=y\r\n${letter}\r\n`);
      socket.end("0\r\nX-Trailer: 1\r\n\r\n");
    } };
    const tunnel = await stage.device.tunnel(HOST);
    tunnel.write(request("GET", "/v1/models", HOST));
    const reply = await tunnel.reader.reply();
    assert.ok(!reply.text.includes(EMAIL), reply.text);
    assert.match(reply.text, /\[EMAIL\]/);
    tunnel.destroy();
  });
});
