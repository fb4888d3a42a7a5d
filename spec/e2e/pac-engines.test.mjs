// pac-engines.test.mjs - one PAC file, three readers: a JavaScript engine of
// today, the ES3 one of pactester (what WinHTTP's age can read), and our own
// tables. Over a corpus made of every host in the file and what lies around it,
// they must not differ once.

import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { createPacResolver } from "pac-resolver";
import { QuickJS } from "quickjs-wasi";
import { BINARY, execute } from "../support/moongate.mjs";

const SETTINGS = `return {
  proxy = { name = "proxy.example.com" },
  listen = { tls = { "0.0.0.0:8443", "[::]:8443", "0.0.0.0:9443" } },
  pac = { failure = "open" },
  hosts = {
    ai = { ".ai.example.org", "*.below.example.org", "*-x.example.org" },
    chatty = { "chat.ai.example.org" },
    bypass = { "*.claude.ai", "under_score.example.org" },
  },
}`;
const PROXY = "HTTPS proxy.example.com:8443; HTTPS proxy.example.com:9443; DIRECT";

// Itself, above, below, beside, and look-alikes.
function neighbours(name) {
  const bare = name.replace(/^[.*-]+/, "");
  return [bare, bare.toUpperCase(), `${bare}.`, `a.${bare}`, `a.b.${bare}`,
    `evil${bare}`, `x-${bare}`, `us-east1-${bare}`, `${bare}.evil.com`,
    bare.replace(/^[^.]*\./, ""), bare.replaceAll(".", "-"), `${bare}x`];
}

const ODD = ["localhost", "a.localhost", "intranet", "127.0.0.1", "::1",
  "constructor", "__proto__", "hasownproperty.com", "a.constructor",
  "tostring.prototype", "..", "a..b", "-", "x.-.y", "xn--bcher-kva.example"];

describe("the PAC file in three engines", () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "moongate-pac-"));
  const config = path.join(dir, "moongate.lua");
  const file = path.join(dir, "proxy.pac");
  let text, corpus, ours;

  before(async () => {
    fs.writeFileSync(config, SETTINGS);
    const done = await execute(BINARY, ["pac", "--config", config]);
    assert.equal(done.code, 0, done.err);
    text = done.out;
    fs.writeFileSync(file, text);
    const names = [...text.matchAll(/"\.([^"]+)": \d/g)]
      .map((match) => match[1].replaceAll("\\x2a", "*")
        .replaceAll("\\x5f", "_"));
    assert.ok(names.length > 40);
    corpus = [...new Set(names.flatMap(neighbours).concat(ODD))];
    const asked = await execute(BINARY,
      ["pac", "--config", config, "--host", "-"], { input: corpus.join("\n") });
    assert.equal(asked.code, 0, asked.err);
    ours = asked.out.trimEnd().split("\n");
    assert.equal(ours.length, corpus.length);
  });
  after(() => fs.rmSync(dir, { recursive: true }));

  it("both answers occur, and no other", () => {
    const sent = ours.filter((one) => one === PROXY).length;
    assert.ok(sent > 60 && sent < corpus.length - 60, `${sent}`);
    assert.equal(ours.filter((one) => one === "DIRECT").length + sent,
      corpus.length);
  });

  it("a JavaScript engine of today agrees with our tables", async () => {
    const find = createPacResolver(await QuickJS.create(), text);
    for (const [i, host] of corpus.entries()) {
      assert.equal(await find("https://x/", host), ours[i], host);
    }
  });

  it("so does an engine of 1999", async () => {
    // pactester takes hosts from URLs; some of ours cannot be in one.
    const can = corpus.map((host, i) => [host, ours[i]])
      .filter(([host]) => /^[\w.-]+$/.test(host) && !/\.\./.test(host));
    const list = path.join(dir, "urls");
    fs.writeFileSync(list, can.map(([host]) => `https://${host}/\n`).join(""));
    const done = await execute("pactester", ["-p", file, "-f", list]);
    assert.equal(done.code, 0, done.err);
    const answers = done.out.trimEnd().split("\n")
      .map((line) => line.replace(/^\S+ : /, ""));
    assert.equal(answers.length, can.length);
    for (const [i, [host, want]] of can.entries()) {
      assert.equal(answers[i], want, host);
    }
  });
});
