// chromium.test.mjs - a managed browser: PAC from control, client certificate
// chosen by policy, root trusted with constraints. Nobody clicks anything.

import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, describe, it } from "node:test";
import { Browser, derOf } from "../support/chromium.mjs";
import { execute } from "../support/moongate.mjs";
import { USUAL } from "../support/policies.mjs";
import { useStage } from "../support/stage.mjs";

const stage = useStage({ policies: { ...USUAL,
  "no-lanterns": `return Policy "no-lanterns" {
  about = "A word that the test asks for.",
  Where = anywhere,
  When  = input:has(keywords { "lantern-festival" }),
  Then  = block "no lanterns",
}
` } });

// A page that talks to its own origin as a web application does, and writes
// what came of it into itself.
const PAGE = `<!doctype html><title>page</title><p id="said">waiting</p><script>
const said = document.getElementById("said");
const text = new URLSearchParams(location.search).get("ask");
const post = new XMLHttpRequest();
post.open("POST", "/backend-api/conversation", false);
post.setRequestHeader("content-type", "application/json");
post.send(JSON.stringify({ action: "next", model: "auto", messages: [{ id: "1",
  author: { role: "user" }, content: { content_type: "text", parts: [text] } }] }));
said.textContent = post.status + " " + post.responseText;
</script>`;

describe("Chromium, managed", () => {
  let browser;
  before(async () => {
    const { device, gate } = stage;
    const password = device.created.password ?? "";
    const subject = await execute("openssl", ["x509", "-in", device.cert,
      "-noout", "-issuer", "-nameopt", "multiline,-esc_msb"]);
    const issuer = subject.out.match(/commonName\s*= (.*)/)[1];
    browser = await Browser.make({ p12: device.p12, password, policies: {
      ProxySettings: { ProxyMode: "pac_script", ProxyPacUrl: device.pac,
        ProxyPacMandatory: true },
      CACertificatesWithConstraints: [{ certificate: derOf(device.ca),
        constraints: { permitted_dns_names: ["openai.com", "chatgpt.com",
          "localhost"] } }],
      AutoSelectCertificateForUrls: [JSON.stringify({
        pattern: `https://localhost:${gate.ports.tls}`,
        filter: { ISSUER: { CN: issuer } } })],
    } });
  });
  after(() => browser?.close());

  const open = async (ask) => {
    stage.provider.plan = (request) => request.method === "GET" &&
      request.headers.accept?.includes("text/html") ? { body: PAGE } : {};
    const { dom, err } = await browser.open(
      `https://chatgpt.com/?ask=${encodeURIComponent(ask)}`);
    const shown = dom.match(/<p id="said">([^]*?)<\/p>/)?.[1];
    assert.ok(shown, err.split("\n").filter((line) =>
      /load failed|pac|ssl/i.test(line)).join("\n") || dom);
    return shown;
  };
  const posted = () => stage.provider.requests.filter((one) =>
    one.method === "POST" && one.url === "/backend-api/conversation");

  it("the PAC is served as browsers want it", async () => {
    const reply = await fetch(stage.device.pac);
    assert.equal(reply.status, 200);
    assert.match(reply.headers.get("content-type"),
      /^application\/x-ns-proxy-autoconfig/);
    const text = await reply.text();
    assert.match(text, /function FindProxyForURL/);
    assert.ok(text.includes(`HTTPS localhost:${stage.gate.ports.tls}`), text);
    const wrong = stage.device.pac.replace(/[0-9a-f]{8}(?=[^/]*$)/, "00000000");
    assert.equal((await fetch(wrong)).status, 404);
  });

  it("a page's request passes through, by its certificate", async () => {
    const shown = await open("Tell me of the moon");
    assert.match(shown, /^200 /);
    assert.equal(posted().length, 1);
    const event = await stage.gate.event((one) => one.host === "chatgpt.com" &&
      one.path === "/backend-api/conversation");
    assert.equal(event.assurance, "mtls");
    assert.equal(event.integration, "laptops");
    assert.equal(event.application, "openai");
  });

  it("is masked", async () => {
    const shown = await open("Write to ana.lopez@example.com");
    assert.match(shown, /^200 /);
    const body = JSON.parse(posted()[0].body);
    assert.deepEqual(body.messages[0].content.parts, ["Write to [EMAIL]"]);
  });

  it("is blocked", async () => {
    const shown = await open("Plan the lantern-festival");
    assert.match(shown, /^403 .*no lanterns/);
    assert.equal(posted().length, 0);
  });

  it("without its certificate it does not get in", async () => {
    const stranger = await Browser.make({ policies: JSON.parse(
      fs.readFileSync(browser.policies, "utf8")) });
    const { dom } = await stranger.open("https://chatgpt.com/?ask=hello");
    stranger.close();
    assert.ok(!/id="said"/.test(dom), dom);
    assert.equal(stage.provider.requests.length, 0);
  });
});
