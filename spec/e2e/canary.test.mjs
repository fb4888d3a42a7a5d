// canary.test.mjs - planted secrets must not turn up in anything that Moongate
// writes: log, spool, database, metrics, status, error pages, core files.

import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { family } from "../support/moongate.mjs";
import { EMAIL, MASK_REPLIES, SECRET, USUAL } from "../support/policies.mjs";
import { chat, OPENAI, useStage } from "../support/stage.mjs";
import { request } from "../support/wire.mjs";

const HOST = "api.openai.com";
const stage = useStage({ policies: { ...USUAL, "mask-replies": MASK_REPLIES },
  settings: { log: "debug" } });

// One bird a place, so that a leak names where it came from.
const BIRDS = {
  body: "magpie7f3a1c", blocked: "jackdaw55e0b2", header: "kestrel9d41aa",
  query: "bullfinch0c7e", cookie: "nuthatch71b3", authorization: "dunnock4e88",
  reply: "wheatear2b19", field: "goldcrest66fa", broken: "redstart30c5",
  stream: "whinchat8a02", encoded: "stonechat1d9e", token: "fieldfare77c0",
};

// All of the bytes below a directory, by file.
function* files(dir) {
  for (const entry of fs.readdirSync(dir, { withFileTypes: true })) {
    const full = path.join(dir, entry.name);
    if (entry.isDirectory()) yield* files(full);
    else if (entry.isFile()) yield full;
  }
}

describe("canaries", () => {
  it("no process may leave a core file", () => {
    const pids = family(stage.gate.pid);
    assert.ok(pids.length >= 4, `${pids.length} processes`);
    for (const pid of pids) {
      const limits = fs.readFileSync(`/proc/${pid}/limits`, "utf8");
      assert.match(limits, /Max core file size\s+0\s/);
    }
  });

  it("sing in no file, no log and no answer of ours", async () => {
    const { device, gate, provider } = stage;
    const said = [];
    const keep = (reply) => { if (reply.status >= 400) said.push(reply.text); };
    const headers = { "x-note": BIRDS.header, cookie: `s=${BIRDS.cookie}`,
      authorization: `Bearer ${BIRDS.authorization}` };
    const url = `${OPENAI}?key=${BIRDS.query}`;

    keep(await device.post(url, chat(`${BIRDS.body} ${EMAIL}`), { headers }));
    keep(await device.post(url, chat(`${BIRDS.blocked} ${SECRET}`),
      { headers }));
    keep(await device.post(url, `{"messages": [{"content": "${BIRDS.broken}`,
      { headers }));
    keep(await device.post(url, chat(BIRDS.encoded), { headers: { ...headers,
      "content-encoding": "gzip" } }));
    provider.plan = { text: `${BIRDS.reply} ${EMAIL}` };
    keep(await device.post(url, chat("x"), { headers }));
    keep(await device.post(url, chat("x", { stream: true }), { headers }));
    provider.plan = { raw: (socket) => socket.end(
      `HTTP/1.1 200 OK\r\n${BIRDS.stream} : 1\r\n\r\n`) };
    keep(await device.post(url, chat("x"), { headers }));
    provider.plan = {};
    const tunnel = await device.tunnel(HOST);
    tunnel.write(request("GET", "/v1/models", HOST, { headers: {
      [BIRDS.field]: "1", "Bad Name": BIRDS.field } }));
    keep(await tunnel.reader.reply().catch(() => ({ status: 0 })));
    tunnel.destroy();
    keep(await device.post(url, chat("x"), {
      proxy: `http://laptops:${BIRDS.token}@127.0.0.1:${gate.ports.plain}` }));

    await gate.event((one) => one.request?.action === "block");
    const outputs = { log: gate.log, answers: said.join("\n"),
      events: await gate.commandOk("events", "--json", "--limit", "0",
        "--config", gate.config),
      status: await gate.commandOk("status", "--json", "--config", gate.config) };
    for (const name of ["metrics", "health", "healthz"]) {
      const got = await fetch(`http://127.0.0.1:${gate.ports.control}/${name}`)
        .then((one) => one.text(), () => "");
      outputs[name] = got;
    }
    await gate.drain();

    const birds = { ...BIRDS, email: EMAIL, secret: SECRET };
    const leaks = [];
    for (const [where, bird] of Object.entries(birds)) {
      for (const [name, text] of Object.entries(outputs)) {
        if (text.includes(bird)) leaks.push(`${where} in ${name}`);
      }
    }
    let read = 0;
    for (const file of files(gate.dir)) {
      const bytes = fs.readFileSync(file);
      read++;
      for (const [where, bird] of Object.entries(birds)) {
        if (bytes.includes(bird)) {
          leaks.push(`${where} in ${path.relative(gate.dir, file)}`);
        }
      }
    }
    assert.deepEqual(leaks, []);
    assert.ok(read > 5, "the state directory was looked through");
  });
});
