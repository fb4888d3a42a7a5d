// chromium.mjs - headless Chromium as a managed device: policy files, an NSS
// database of its own, and nothing left behind.
//
// Managed policies live in /etc/chromium; the browser gets one of its own in a
// private mount namespace, so that the machine's stays as it is.

import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { execute } from "./moongate.mjs";

const LAUNCH = `
mount -t tmpfs none /etc/chromium || exit 1
trap "umount -l /etc/chromium" EXIT
mkdir -p /etc/chromium/policies/managed &&
cp "$1" /etc/chromium/policies/managed/moongate.json &&
shift && chromium "$@"`;

// In a chroot, "/" is no mount point and cannot be made private: the mount is
// taken back by hand there.
let namespace;
async function privateMounts() {
  if (!namespace) {
    const asRoot = process.getuid() === 0 ? [] : ["-r"];
    const usual = ["-m", ...asRoot];
    const { code } = await execute("unshare", [...usual, "true"]);
    namespace = code === 0 ? usual : [...usual, "--propagation", "unchanged"];
  }
  return namespace;
}

export class Browser {
  // `p12` is imported into the NSS database when given.
  static async make({ policies, p12, password = "" }) {
    const browser = new Browser();
    browser.home = fs.mkdtempSync(path.join(os.tmpdir(), "chromium-"));
    const database = path.join(browser.home, ".pki/nssdb");
    fs.mkdirSync(database, { recursive: true });
    browser.policies = path.join(browser.home, "policies.json");
    fs.writeFileSync(browser.policies, JSON.stringify({
      QuicAllowed: false, SafeBrowsingProtectionLevel: 0,
      MetricsReportingEnabled: false, ComponentUpdatesEnabled: false,
      DefaultSearchProviderEnabled: false, ...policies }));
    await browser.tool("certutil", "-N", "-d", `sql:${database}`,
      "--empty-password");
    if (p12) {
      await browser.tool("pk12util", "-i", p12, "-d", `sql:${database}`,
        "-W", password, "-K", "");
    }
    return browser;
  }

  async tool(...args) {
    const done = await execute(args[0], args.slice(1), { env: {
      HOME: this.home } });
    if (done.code !== 0) throw new Error(`${args[0]}: ${done.err}${done.out}`);
  }

  // { dom, err }: the page as it stands after it was loaded.
  async open(url, ...flags) {
    const done = await execute("unshare", [...await privateMounts(), "sh", "-c",
      LAUNCH, "sh", this.policies, "--headless=new", "--no-sandbox",
      "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
      "--disable-background-networking", "--disable-component-update",
      "--enable-logging=stderr", `--user-data-dir=${this.home}/profile`,
      ...flags, "--timeout=20000", "--dump-dom", url],
    { env: { HOME: this.home, XDG_CONFIG_HOME: `${this.home}/.config`,
      XDG_CACHE_HOME: `${this.home}/.cache` }, timeout: 90000 });
    return { dom: done.out, err: done.err, code: done.code };
  }

  close() {
    fs.rmSync(this.home, { recursive: true, force: true, maxRetries: 5,
      retryDelay: 200 });
  }
}

// A PEM file's first certificate as policies want it.
export function derOf(file) {
  const pem = fs.readFileSync(file, "utf8");
  return pem.match(/-----BEGIN CERTIFICATE-----([^-]+)-----END/)[1]
    .replace(/\s/g, "");
}
