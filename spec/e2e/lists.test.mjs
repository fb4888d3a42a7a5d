// lists.test.mjs - SIGHUP reads moongate.lua again: host lists and the PAC file
// follow it, and a broken file changes nothing.

import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "../support/moongate.mjs";
import { USUAL } from "../support/policies.mjs";
import { useStage } from "../support/stage.mjs";

const stage = useStage({ policies: USUAL,
  settings: { hosts: { bypass: ["api.groq.com"] } } });

const pac = async () => (await fetch(stage.device.pac)).text();

// What the PAC file answers for a host now.
async function way(host) {
  const find = new Function("isPlainHostName", "url", "host",
    `${await pac()}; return FindProxyForURL(url, host);`);
  return find((name) => !name.includes("."), `https://${host}/`, host);
}

const supervisor = async () => (await stage.gate.status()).supervisor;

describe("settings that a reload reads again", () => {
  it("a host taken off the bypass list is in the PAC file", async () => {
    assert.equal(await way("api.groq.com"), "DIRECT");
    const text = fs.readFileSync(stage.gate.config, "utf8");
    fs.writeFileSync(stage.gate.config, text.replace(
      /(bypass = \{\s*)"api\.groq\.com"/, '$1"api.mistral.ai"'));
    process.kill(await supervisor(), "SIGHUP");
    await until("the PAC file to follow",
      async () => await way("api.groq.com") !== "DIRECT", 5000);
    assert.equal(await way("api.mistral.ai"), "DIRECT");
  });

  it("a broken file changes nothing and is named", async () => {
    const text = fs.readFileSync(stage.gate.config, "utf8");
    const before = await pac();
    const pid = await supervisor();
    fs.writeFileSync(stage.gate.config, text.replace("bypass", "bypas"));
    process.kill(pid, "SIGHUP");
    await sleep(1000);
    assert.equal(await pac(), before);
    fs.writeFileSync(stage.gate.config, text);
    const { last_failure: why } = await stage.gate.status();
    assert.match(why, /moongate\.lua:\d+: .*hosts\.bypas/);
  });
});
