// pac.test.mjs - the PAC file, run by another's engine: covered hosts go to the
// proxy, look-alikes and everything else do not.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createPacResolver } from "pac-resolver";
import { QuickJS } from "quickjs-wasi";
import { ALL_HOSTS } from "../support/answers.mjs";
import { useStage } from "../support/stage.mjs";

const stage = useStage();

describe("the PAC file", () => {
  let find, text;
  before(async () => {
    text = await (await fetch(stage.device.pac)).text();
    find = createPacResolver(await QuickJS.create(), text);
  });
  const answer = (host) => find(`https://${host}/`, host);

  for (const host of ALL_HOSTS) {
    it(`${host} goes to the proxy`, async () => {
      assert.equal(await answer(host),
        `HTTPS localhost:${stage.gate.ports.tls}`);
    });
  }

  it("capitals and a final dot change nothing", async () => {
    assert.match(await answer("API.OpenAI.com"), /^HTTPS /);
    assert.match(await answer("api.openai.com."), /^HTTPS /);
  });

  for (const host of ["example.com", "evilapi.openai.com.example.net",
    "notopenai.com", "evilchatgpt.com", "localhost", "intranet", "127.0.0.1",
    "constructor", "__proto__", "hasOwnProperty.com"]) {
    it(`${host} does not`, async () => {
      assert.equal(await answer(host), "DIRECT");
    });
  }

  it("is plain ASCII of 1999, under a megabyte, and asks no DNS", () => {
    assert.match(text, /^[\t\n\r\x20-\x7e]*$/);
    assert.ok(text.length < 1 << 20);
    assert.ok(!/\b(let|const|=>|`|dnsResolve|isInNet|isResolvable|myIpAddress)\b/
      .test(text.replace(/\/\/.*|\/\*[^]*?\*\//g, "")), "newer than ES3, or DNS");
  });

  it("each integration has its own, at an address of its own", async () => {
    const device = await stage.gate.integration("leavers");
    assert.equal((await fetch(device.pac)).status, 200);
    assert.notEqual(device.pac, stage.device.pac);
  });

  it("`moongate pac` prints the same", async () => {
    const out = await stage.gate.commandOk("pac", "--integration", "laptops",
      "--config", stage.gate.config);
    assert.equal(out, text);
  });
});
