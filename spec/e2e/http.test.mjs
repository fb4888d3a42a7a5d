// http.test.mjs - HTTP/1.1 as clients and servers really speak it, both ways.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { decoded, ENCODERS } from "../support/provider.mjs";
import { BLOCK_REPLIES, CARD, EMAIL, MASK_REPLIES, SECRET, USUAL }
  from "../support/policies.mjs";
import { chat, OPENAI, said, useStage } from "../support/stage.mjs";
import { request } from "../support/wire.mjs";

const HOST = "api.openai.com";
const PATH = "/v1/chat/completions";
const stage = useStage({ policies: { ...USUAL, "mask-replies": MASK_REPLIES,
  "block-replies": BLOCK_REPLIES } });

const ask = (content, more) => request("POST", PATH, HOST,
  { body: JSON.stringify(chat(content)), ...more });
const answerOf = (reply) => said(JSON.parse(reply.text));
const sentBodies = () => stage.provider.requests.map((one) =>
  one.body.toString());

// A tunnel for one test, closed whatever happens.
async function within(act, options) {
  const tunnel = await stage.device.tunnel(HOST, options);
  try {
    return await act(tunnel, tunnel.reader);
  } finally {
    tunnel.destroy();
  }
}

describe("connections", () => {
  it("keep-alive: many requests, one tunnel, one upstream connection",
    () => within(async (tunnel, reader) => {
      const before = stage.provider.counts.handshakes;
      for (let i = 0; i < 20; i++) {
        tunnel.write(ask(`number ${i}`));
        assert.equal(answerOf(await reader.reply()), `You said: number ${i}`);
      }
      assert.ok(stage.provider.counts.handshakes - before <= 1);
    }));

  it("a block does not end the connection's usefulness",
    () => within(async (tunnel, reader) => {
      tunnel.write(ask(SECRET));
      const reply = await reader.reply();
      assert.equal(reply.status, 403);
      if (/close/i.test(reply.headers.connection ?? "")) return;
      tunnel.write(ask("next"));
      assert.equal(answerOf(await reader.reply()), "You said: next");
    }));

  it("pipelining: answers come in the order of the questions",
    () => within(async (tunnel, reader) => {
      // The first answer is slow, the second is ours, the third is fast.
      stage.provider.plan = (one) => one.body.includes("slow")
        ? { wait: 150 } : {};
      tunnel.write(Buffer.concat([ask("slow"), ask(SECRET), ask("fast")]));
      assert.equal(answerOf(await reader.reply()), "You said: slow");
      assert.equal((await reader.reply()).status, 403);
      assert.equal(answerOf(await reader.reply()), "You said: fast");
    }));

  it("Connection: close is kept", () => within(async (tunnel, reader) => {
    tunnel.write(ask("bye", { headers: { Connection: "close" } }));
    assert.equal(answerOf(await reader.reply()), "You said: bye");
    await reader.toEnd(3000);
  }));

  it("HTTP/1.0 gets an answer and an end", () => within(
    async (tunnel, reader) => {
      tunnel.write(`GET /v1/models HTTP/1.0\r\nHost: ${HOST}\r\n\r\n`);
      const reply = await reader.reply();
      assert.equal(reply.status, 200);
      assert.ok(reply.headers["transfer-encoding"] === undefined,
        "HTTP/1.0 knows no chunks");
      await reader.toEnd(3000);
    }));

  it("an upstream that hung up while idle is not seen by the device",
    () => within(async (tunnel, reader) => {
      for (let i = 0; i < 5; i++) {
        tunnel.write(ask(`round ${i}`));
        assert.equal(answerOf(await reader.reply()), `You said: round ${i}`);
        stage.provider.hangUp();
        await sleep(30);
      }
    }));

  it("hop-by-hop fields stay on their hop", () => within(
    async (tunnel, reader) => {
      tunnel.write(ask("hops", { headers: { Connection: "keep-alive, X-Hop",
        "X-Hop": "1", "Proxy-Authorization": "Basic c2VjcmV0",
        "Proxy-Connection": "keep-alive", "Keep-Alive": "5", TE: "trailers",
        "X-End": "2", Authorization: "Bearer sk-none" } }));
      assert.equal((await reader.reply()).status, 200);
      const { headers } = stage.provider.requests[0];
      for (const name of ["x-hop", "proxy-authorization", "proxy-connection",
        "keep-alive"]) {
        assert.equal(headers[name], undefined, name);
      }
      assert.equal(headers["x-end"], "2");
      assert.equal(headers.authorization, "Bearer sk-none");
    }));

  it("other fields arrive in their order, case and bytes", () => within(
    async (tunnel, reader) => {
      tunnel.write(ask("fields", { headers: { "X-b": "1", "x-A": "two  words",
        "X-Long": "y".repeat(4000), "User-Agent": "spec/1 (x; y)" } }));
      await reader.reply();
      const { rawHeaders } = stage.provider.requests[0];
      const from = rawHeaders.indexOf("X-b");
      assert.deepEqual(rawHeaders.slice(from, from + 8), ["X-b", "1", "x-A",
        "two  words", "X-Long", "y".repeat(4000), "User-Agent",
        "spec/1 (x; y)"]);
    }));
});

describe("request bodies", () => {
  const chunks = (...sizes) => {
    const body = Buffer.from(JSON.stringify(chat(`to ${EMAIL} and on`)));
    const list = [];
    let at = 0;
    for (let i = 0; at < body.length; i++) {
      const size = Math.min(sizes[i % sizes.length], body.length - at);
      list.push(`${size.toString(16)}\r\n`, body.subarray(at, at + size), "\r\n");
      at += size;
    }
    list.push("0\r\n\r\n");
    return Buffer.concat(list.map((one) => Buffer.from(one)));
  };
  const head = `POST ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n` +
    "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";

  for (const sizes of [[1], [7, 3], [4096]]) {
    it(`chunks of ${sizes} bytes are masked across their borders`,
      () => within(async (tunnel, reader) => {
        tunnel.write(`${head}\r\n`);
        tunnel.write(chunks(...sizes));
        assert.equal(answerOf(await reader.reply()),
          "You said: to [EMAIL] and on");
        assert.equal(sentBodies()[0],
          JSON.stringify(chat("to [EMAIL] and on")));
      }));
  }

  it("trailers of a request do not become fields of the next", () => within(
    async (tunnel, reader) => {
      tunnel.write(`${head}Trailer: X-Sum\r\n\r\n`);
      tunnel.write(chunks(50).toString().replace(/0\r\n\r\n$/,
        "0\r\nX-Sum: 42\r\n\r\n"));
      assert.equal((await reader.reply()).status, 200);
      tunnel.write(ask("after"));
      assert.equal(answerOf(await reader.reply()), "You said: after");
      assert.equal(stage.provider.requests[1].headers["x-sum"], undefined);
    }));

  it("Expect: the go-ahead comes before the body", () => within(
    async (tunnel, reader) => {
      const body = JSON.stringify(chat(`expect ${EMAIL}`));
      tunnel.write(`POST ${PATH} HTTP/1.1\r\nHost: ${HOST}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
        "Expect: 100-continue\r\n\r\n");
      const go = await reader.head(3000);
      assert.equal(go.status, 100);
      tunnel.write(body);
      assert.equal(answerOf(await reader.reply()), "You said: expect [EMAIL]");
    }));

  it("Expect with the body already there", () => within(
    async (tunnel, reader) => {
      tunnel.write(ask("eager", { headers: { Expect: "100-continue" } }));
      assert.equal(answerOf(await reader.reply()), "You said: eager");
      tunnel.write(ask("again"));
      assert.equal(answerOf(await reader.reply()), "You said: again");
    }));

  it("Expect of something else: 417", () => within(
    async (tunnel, reader) => {
      tunnel.write(ask("x", { headers: { Expect: "miracles" } }));
      assert.equal((await reader.reply()).status, 417);
      assert.equal(stage.provider.requests.length, 0);
    }));

  it("2 MB by curl, which asks first", async () => {
    const reply = await stage.device.post(OPENAI,
      chat(`${"word ".repeat(400000)} ${CARD}`));
    assert.equal(reply.status, 200, reply.err);
    assert.ok(sentBodies()[0].includes("[CARD]"));
    assert.ok(!sentBodies()[0].includes(CARD));
  });

  it("over the ceiling: blocked, nothing sent on", async () => {
    const reply = await stage.device.post(OPENAI,
      chat("x".repeat(33 << 20)), { limit: 60 });
    assert.ok([403, 413].includes(reply.status), `${reply.status} ${reply.err}`);
    assert.equal(stage.provider.requests.length, 0);
  });

  for (const encoding of ["gzip", "deflate", "br", "zstd"]) {
    const post = (content) => {
      const plain = Buffer.from(JSON.stringify(chat(content)));
      const body = ENCODERS[encoding](plain);
      return { body, plain, reply: stage.device.post(OPENAI, body,
        { headers: { "content-encoding": encoding } }) };
    };

    it(`${encoding}: allowed bytes are the same compressed bytes`, async () => {
      const { body, reply } = post("nothing here ".repeat(50));
      assert.equal((await reply).status, 200);
      const [seen] = stage.provider.requests;
      assert.equal(seen.headers["content-encoding"], encoding);
      assert.ok(seen.body.equals(body));
    });

    it(`${encoding}: masked inside`, async () => {
      const { reply } = post(`write ${EMAIL} `.repeat(20));
      const { status, text } = await reply;
      assert.equal(status, 200, text);
      const [seen] = stage.provider.requests;
      assert.equal(decoded(seen.body, seen.headers["content-encoding"])
        .toString(), JSON.stringify(chat("write [EMAIL] ".repeat(20))));
    });

    it(`${encoding}: blocked inside`, async () => {
      assert.equal((await post(`key ${SECRET}`).reply).status, 403);
      assert.equal(stage.provider.requests.length, 0);
    });

    it(`${encoding}: cut short is blocked`, async () => {
      const body = ENCODERS[encoding](Buffer.from(JSON.stringify(
        chat("a story ".repeat(100)))));
      const reply = await stage.device.post(OPENAI, body.subarray(0, -4),
        { headers: { "content-encoding": encoding } });
      assert.equal(reply.status, 403, reply.text);
      assert.equal(stage.provider.requests.length, 0);
    });

    it(`${encoding}: a bomb is blocked`, async () => {
      const body = ENCODERS[encoding](Buffer.alloc(64 << 20, 0x20));
      const reply = await stage.device.post(OPENAI, body,
        { headers: { "content-encoding": encoding } });
      assert.equal(reply.status, 403, reply.text);
      assert.equal(stage.provider.requests.length, 0);
    });
  }

  for (const encoding of ["rot13", "gzip, rot13", "compress", "gzip"]) {
    it(`a plain body that claims ${encoding} is blocked`, async () => {
      const reply = await stage.device.post(OPENAI, chat("plain"),
        { headers: { "content-encoding": encoding } });
      assert.equal(reply.status, 403, reply.text);
      assert.equal(stage.provider.requests.length, 0);
    });
  }

  it("encodings on encodings are undone in turn", async () => {
    const body = ENCODERS.br(ENCODERS.gzip(Buffer.from(JSON.stringify(
      chat(`key ${SECRET}`)))));
    const reply = await stage.device.post(OPENAI, body,
      { headers: { "content-encoding": "gzip, br" } });
    assert.equal(reply.status, 403, reply.text);
    assert.equal(stage.provider.requests.length, 0);
  });

  it("zstd in two frames is read whole", async () => {
    const text = JSON.stringify(chat(`key ${SECRET}`));
    const body = Buffer.concat([ENCODERS.zstd(Buffer.from(text.slice(0, 20))),
      ENCODERS.zstd(Buffer.from(text.slice(20)))]);
    const reply = await stage.device.post(OPENAI, body,
      { headers: { "content-encoding": "zstd" } });
    assert.equal(reply.status, 403, reply.text);
  });
});

describe("replies", () => {
  for (const framing of ["length", "chunked", "close"]) {
    for (const split of [0, 1, 7]) {
      it(`framed by ${framing}, ${split || "all"} bytes a write`,
        () => within(async (tunnel, reader) => {
          stage.provider.plan = { framing, split,
            text: `caf\u00e9 \u{1F319} ${EMAIL}.` };
          tunnel.write(ask("x"));
          assert.equal(answerOf(await reader.reply()),
            "caf\u00e9 \u{1F319} [EMAIL].");
        }));
    }
  }

  for (const encoding of ["gzip", "deflate", "br", "zstd"]) {
    it(`${encoding}: masked, and allowed bytes untouched`, async () => {
      const headers = { "accept-encoding": encoding };
      stage.provider.plan = { encoding, text: `mail ${EMAIL} back` };
      const masked = await stage.device.post(OPENAI, chat("x"), { headers });
      assert.equal(said(JSON.parse(decoded(masked.body,
        masked.headers["content-encoding"]))), "mail [EMAIL] back");

      const plain = Buffer.from(JSON.stringify({ choices: [{ message: {
        content: "nothing to see" } }] }));
      stage.provider.plan = { encoding, body: plain };
      const allowed = await stage.device.post(OPENAI, chat("x"), { headers });
      assert.equal(allowed.headers["content-encoding"], encoding);
      assert.ok(allowed.body.equals(ENCODERS[encoding](plain)));
    });
  }

  it("a blocked reply is replaced", async () => {
    stage.provider.plan = { text: `the key is ${SECRET}` };
    const reply = await stage.device.post(OPENAI, chat("x"));
    assert.equal(reply.status, 403, reply.text);
    assert.ok(!reply.text.includes(SECRET));
    assert.match(reply.json.error.message, /the answer held a secret/);
  });

  it("a reply in a broken encoding does not pass", async () => {
    stage.provider.plan = { headers: { "content-encoding": "gzip" },
      encoding: "identity", text: `mail ${EMAIL}` };
    const reply = await stage.device.post(OPENAI, chat("x"));
    assert.ok(reply.status === 403 || reply.status === 502, reply.text);
    assert.ok(!reply.text.includes(EMAIL));
  });

  it("trailers arrive", () => within(async (tunnel, reader) => {
    stage.provider.plan = { framing: "chunked", trailers: { "X-Sum": "7" },
      text: "fine" };
    tunnel.write(ask("x", { headers: { TE: "trailers" } }));
    const reply = await reader.reply();
    assert.equal(answerOf(reply), "fine");
    if (reply.headers["transfer-encoding"]) {
      assert.equal(reply.trailers["x-sum"], "7");
    }
  }));

  it("HEAD, 204 and 304 have no body, and the next reply is its own",
    () => within(async (tunnel, reader) => {
      tunnel.write(request("HEAD", "/v1/models", HOST));
      const head = await reader.reply({ method: "HEAD" });
      assert.equal(head.status, 200);
      assert.ok(Number(head.headers["content-length"]) > 0);
      for (const status of [204, 304]) {
        stage.provider.plan = { status };
        tunnel.write(request("GET", "/v1/models", HOST));
        assert.equal((await reader.reply()).status, status);
      }
      stage.provider.plan = {};
      tunnel.write(ask("after"));
      assert.equal(answerOf(await reader.reply()), "You said: after");
    }));

  it("interim answers go before, the answer after", () => within(
    async (tunnel, reader) => {
      stage.provider.plan = { interim: [102, 103] };
      tunnel.write(ask("x"));
      const reply = await reader.reply();
      assert.equal(reply.status, 200);
      for (const one of reply.interim) assert.ok([102, 103].includes(one.status));
      stage.provider.plan = {};
      tunnel.write(ask("after"));
      assert.equal(answerOf(await reader.reply()), "You said: after");
    }));

  it("an empty answer is an empty answer", () => within(
    async (tunnel, reader) => {
      stage.provider.plan = { body: "" };
      tunnel.write(ask("x"));
      const reply = await reader.reply();
      assert.equal(reply.status, 200);
      assert.equal(reply.body.length, 0);
    }));

  it("an error of the provider is the provider's", async () => {
    stage.provider.plan = { status: 529, text: "overloaded" };
    const reply = await stage.device.post(OPENAI, chat("x"));
    assert.equal(reply.status, 529);
    assert.equal(reply.json.error.message, "overloaded");
  });

  it("cut off within its body: the device is not told it is whole",
    () => within(async (tunnel, reader) => {
      stage.provider.plan = { cut: 40 };
      tunnel.write(ask("x"));
      const reply = await reader.reply().catch((error) => error);
      assert.ok(reply instanceof Error || reply.status === 502,
        `${reply.status} ${reply.text}`);
    }));

  it("20 MB pass", async () => {
    const body = Buffer.alloc(20 << 20, "moonlight ");
    stage.provider.plan = { status: 200, body, encoding: "identity",
      headers: { "content-type": "application/octet-stream" } };
    const reply = await stage.device.curl("https://api.openai.com/v1/files/1");
    assert.equal(reply.status, 200);
    assert.ok(reply.body.equals(body));
  });
});

describe("streams", () => {
  it("events come as they are sent, not at the end", () => within(
    async (tunnel, reader) => {
      stage.provider.plan = { delay: 60 };
      tunnel.write(request("POST", PATH, HOST, { body: JSON.stringify(
        chat("one two three four five six", { stream: true })) }));
      const head = await reader.head();
      assert.equal(head.status, 200);
      assert.match(head.headers["content-type"], /text\/event-stream/);
      const came = [];
      for (let text = ""; !text.includes("[DONE]");) {
        text = (await reader.upTo("\n\n")).toString();
        came.push(Date.now());
      }
      // Sent 60 ms apart; a relay that waits would deliver them together.
      const gaps = came.slice(1).map((at, i) => at - came[i]);
      const apart = gaps.filter((gap) => gap > 30).length;
      assert.ok(apart >= gaps.length - 2, `gaps: ${gaps}`);
    }));

  for (const split of [0, 1, 3]) {
    it(`the bytes of a stream are the provider's (${split || "event"} a write)`,
      async () => {
        const events = ["data: {\"choices\":[{\"delta\":{\"content\":" +
          "\"caf\u00e9 \u{1F319}\"}}]}\n\n", ": comment\r\n\r\n",
        "event: x\nid: 7\ndata: a\ndata: b\n\n", "data: [DONE]\n\n"];
        stage.provider.plan = { events, split, encoding: "identity",
          headers: { "content-type": "text/event-stream" } };
        const reply = await stage.device.post(OPENAI,
          chat("x", { stream: true }));
        assert.equal(reply.status, 200);
        assert.equal(reply.text, events.join(""));
      });
  }

  it("a compressed stream stays readable event by event", () => within(
    async (tunnel, reader) => {
      stage.provider.plan = { encoding: "gzip" };
      tunnel.write(request("POST", PATH, HOST, { body: JSON.stringify(
        chat("moon", { stream: true })), headers: {
        "Accept-Encoding": "gzip" } }));
      const reply = await reader.reply();
      const text = decoded(reply.body, reply.headers["content-encoding"])
        .toString();
      assert.ok(text.endsWith("data: [DONE]\n\n"));
    }));

  it("Gemini's array without alt=sse passes piece by piece", async () => {
    const reply = await stage.device.post("https://generativelanguage." +
      "googleapis.com/v1beta/models/m:streamGenerateContent",
    { contents: [{ parts: [{ text: "moon river" }] }] });
    const list = JSON.parse(reply.text);
    assert.equal(list.map((one) => one.candidates[0].content.parts[0].text)
      .join(""), "You said: moon river");
  });
});

describe("upgrades are refused cleanly", () => {
  const upgrade = (more = "") => `GET /v1/responses HTTP/1.1\r\nHost: ${HOST}` +
    "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==" +
    `\r\n\r\n${more}`;

  it("WebSocket: 426, nothing upstream", () => within(
    async (tunnel, reader) => {
      tunnel.write(upgrade());
      const reply = await reader.reply();
      assert.equal(reply.status, 426);
      assert.equal(stage.provider.requests.length, 0);
    }));

  it("what follows a refused upgrade is not smuggled", () => within(
    async (tunnel, reader) => {
      tunnel.write(upgrade("GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"));
      assert.equal((await reader.reply()).status, 426);
      await sleep(200);
      assert.ok(!stage.provider.requests.some((one) => one.host === "x"));
    }));

  it("h2c: not taken up", () => within(async (tunnel, reader) => {
    tunnel.write(`GET /v1/models HTTP/1.1\r\nHost: ${HOST}\r\nConnection: ` +
      "Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n" +
      "\r\n");
    const reply = await reader.reply();
    assert.ok([200, 426, 400].includes(reply.status));
    for (const one of stage.provider.requests) {
      assert.equal(one.headers.upgrade, undefined);
    }
  }));
});
