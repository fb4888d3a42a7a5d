// events.test.mjs - what went by can be watched, searched and explained, and
// none of it is lost or doubled while the control process is killed.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import readline from "node:readline";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { BINARY, plainEnvironment, until } from "../support/moongate.mjs";
import { EMAIL, SECRET } from "../support/policies.mjs";
import { chat, OPENAI, useStage } from "../support/stage.mjs";

const KILLS = Number(process.env.KILLS ?? 6);
const stage = useStage();

// Exchanges are told apart by the model that they ask for.
const ask = (model, text) => stage.device.post(OPENAI, chat(text, { model }));
const command = (...args) => stage.gate.command(...args, "--config",
  stage.gate.config);

// `moongate tail`, line by line, each with the time it came.
function startTail(...args) {
  const child = spawn(BINARY, ["tail", "--lines", "0", ...args, "--config",
    stage.gate.config], { env: plainEnvironment(),
    stdio: ["ignore", "pipe", "inherit"] });
  const lines = [];
  readline.createInterface({ input: child.stdout })
    .on("line", (text) => lines.push({ text, at: Date.now() }));
  const stop = async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) {
      await once(child, "exit");
    }
  };
  return { lines, stop };
}

describe("events", () => {
  it("tail shows an exchange within a second of its end", async () => {
    const tail = startTail();
    await sleep(500);
    try {
      await ask("masked", `write to ${EMAIL}`);
      const end = Date.now();
      const line = await until("the line", () => tail.lines.find((one) =>
        one.text.includes("  mask/")), 5000, 10);
      assert.ok(line.at - end < 1000, `${line.at - end} ms`);
      assert.match(line.text, /^\d{4}-\S+Z  laptops  openai  POST \/v1\/chat\/completions  mask\/[\w-]+  mask-pii  pii\.email=1  /);
    } finally {
      await tail.stop();
    }
  });

  it("a filter narrows what tail shows", async () => {
    const tail = startTail("--json", "--filter", "action=block");
    await sleep(500);
    try {
      await ask("fine", "good morning");
      await ask("blocked", `my key is ${SECRET}`);
      await until("the block", () => tail.lines.length > 0, 5000, 10);
      assert.deepEqual(tail.lines.map((one) => JSON.parse(one.text).model),
        ["blocked"]);
    } finally {
      await tail.stop();
    }
  });

  it("events finds by finding, action and path; explain says why", async () => {
    const done = await command("events", "--json", "action=block", "&",
      "finding=secret", "&", "model=block*", "since", "10m");
    assert.equal(done.code, 0, done.err);
    const [event] = done.out.trimEnd().split("\n").map((one) => JSON.parse(one));
    assert.equal(event.request.action, "block");
    const story = await command("explain", event.event_id);
    assert.equal(story.code, 0, story.err);
    assert.match(story.out, /policy block-secrets: block, decides/);
    assert.match(story.out, /found secret\.\S+: 1, score/);
    assert.ok(!story.out.includes(SECRET));
    const none = await command("explain", event.event_id.replace(/.$/, (last) =>
      last === "0" ? "1" : "0"));
    assert.equal(none.code, 1);
  });

  it("a filter that is wrong is shown with a caret", async () => {
    const done = await command("events", "acton=block");
    assert.equal(done.code, 2);
    assert.match(done.err, /^filter:1:1: .*\n {2}acton=block\n {2}\^\n.*action/);
  });

  it("metrics count what went by", async () => {
    const text = await (await fetch(
      `http://127.0.0.1:${stage.gate.ports.control}/metrics`)).text();
    assert.match(text, /^moongate_events_acked_total \d+$/m);
    assert.match(text, /^moongate_spool_missing_total 0$/m);
    assert.match(text, /^moongate_requests_total\{surface="endpoint",app="openai",action="\w+",status_class="2xx"\} \d+$/m);
  });

  it(`control, killed ${KILLS} times under traffic, loses and doubles nothing`,
    async () => {
      const sent = [], statuses = new Set();
      let going = true;
      const traffic = (async () => {
        for (let i = 0; going; i++) {
          const name = `kept-${i}`;
          const reply = await ask(name, "good morning");
          statuses.add(reply.status);
          if (reply.status === 200) sent.push(name);
        }
      })();
      for (let i = 0; i < KILLS; i++) {
        await sleep(300 + 150 * i % 400);
        const pids = await until("control", () =>
          stage.gate.pids().catch(() => null));
        process.kill(pids.control, "SIGKILL");
        await until("a new control process", async () => {
          const now = await stage.gate.pids().catch(() => null);
          return now && now.control !== pids.control;
        }, 10000);
      }
      going = false;
      await traffic;
      assert.ok(sent.length > KILLS * 3, `${sent.length} requests; ${[...statuses]}`);
      let missing = sent;
      await until("every event", async () => {
        const kept = new Set((await stage.gate.events()).map((one) => one.model));
        missing = sent.filter((one) => !kept.has(one));
        return missing.length === 0;
      }, 10000, 300).catch(() => {});
      assert.deepEqual(missing, []);
      const ids = (await stage.gate.events()).map((one) => one.event_id);
      assert.equal(new Set(ids).size, ids.length);
    });
});
