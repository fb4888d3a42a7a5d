// first-run.test.mjs - what `make run` prints is what a newcomer types: each of
// its three lines is run as it stands.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { execute, family, freePorts, plainEnvironment, ROOT, until }
  from "../support/moongate.mjs";

describe("make run", () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "first-run-"));
  let child, ended, said = "";
  before(async () => {
    const [tls, plain, control, simulated] = await freePorts(4);
    child = spawn("make", ["--no-print-directory", "run"], { cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"], env: plainEnvironment({
        HOME_DIR: home, RUN_FOR: "120", TLS_PORT: tls, PLAIN_PORT: plain,
        CONTROL_PORT: control, SIM_PORT: simulated }) });
    ended = once(child, "exit");
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text) => { said += text; });
    }
    await until("the three lines", () => {
      assert.equal(child.exitCode, null, said);
      return said.includes("Ctrl-C ends everything");
    }, 240000);
  });
  after(async () => {
    for (const pid of family(child.pid).reverse()) {
      try { process.kill(pid, "SIGTERM"); } catch { /* gone */ }
    }
    await ended;
    fs.rmSync(home, { recursive: true, force: true });
  });

  const line = (n) => {
    const found = said.match(new RegExp(`^${n}\\. .*\\n +(\\S.*)$`, "m"));
    assert.ok(found, said);
    return found[1];
  };

  for (const n of [1, 2, 3]) {
    it(`line ${n} works as printed`, async () => {
      const done = await execute("sh", ["-c", line(n)]);
      assert.equal(done.code, 0, done.err + done.out);
      // The shipped policy masks reversibly: the model is shown a token, and
      // the device gets its own words back.
      assert.match(done.out, /You said: Write to ana\.lopez@example\.com/);
      const got = fs.readFileSync(path.join(home, "provider.log"), "utf8")
        .trim().split("\n").at(-1);
      assert.match(got, /Write to \[EMAIL_1\]/);
      assert.ok(!got.includes("ana.lopez"), got);
    });
  }

  it("the decisions are shown as they are made", async () => {
    await until("decisions", () => /mask/i.test(
      said.slice(said.indexOf("Ctrl-C ends everything"))), 5000);
    assert.ok(!said.slice(said.indexOf("Ctrl-C ends everything"))
      .includes("ana.lopez"));
  });

  it("one signal ends all of it", async () => {
    const all = family(child.pid);
    const shell = all.find((pid) => pid !== child.pid && fs.readFileSync(
      `/proc/${pid}/cmdline`, "utf8").includes("first-run"));
    assert.ok(shell, "first-run is not among the processes");
    process.kill(shell, "SIGINT");
    await until("every process to end", () => all.every((pid) =>
      !fs.existsSync(`/proc/${pid}`)), 15000);
  });
});
