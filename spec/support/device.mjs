// device.mjs - one enrolled source of traffic, and the clients it may use.
//
// Every client has two ways in: by certificate (the TLS listener) and by token
// (the plain one); `via: "token"` chooses the second.

import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import tls from "node:tls";
import { once } from "node:events";
import { fetch as undiciFetch, ProxyAgent } from "undici";
import { execute } from "./moongate.mjs";
import { readHead, WireReader } from "./wire.mjs";

function parsedHeaders(text) {
  const blocks = text.split(/\r?\n\r?\n/).filter((block) =>
    /^HTTP\//.test(block));
  const headers = {};
  for (const line of (blocks.at(-1) ?? "").split(/\r?\n/).slice(1)) {
    const at = line.indexOf(":");
    const name = line.slice(0, at).toLowerCase();
    const value = line.slice(at + 1).trim();
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  }
  return { headers, blocks };
}

export class Device {
  agents = [];

  constructor(gate, name, dir, created) {
    this.gate = gate;
    this.name = name;
    this.dir = dir;
    this.created = created;
    this.token = created.token;
    this.pac = created.pac;
    this.cert = path.join(dir, `${name}.crt`);
    this.key = path.join(dir, `${name}.key`);
    this.p12 = path.join(dir, `${name}.p12`);
    this.ca = path.join(dir, "moongate-ca.crt");
  }

  get tlsProxy() {
    return `https://localhost:${this.gate.ports.tls}`;
  }

  get plainProxy() {
    return `http://${this.name}:${this.token}@127.0.0.1:${this.gate.ports.plain}`;
  }

  // --- curl -----------------------------------------------------------------

  proxyArguments({ via = "mtls", cert = this.cert, key = this.key,
    proxy } = {}) {
    if (proxy) return ["--proxy", proxy];
    if (via === "token") return ["--proxy", this.plainProxy];
    const list = ["--proxy", this.tlsProxy, "--proxy-cacert", this.ca];
    return cert ? [...list, "--proxy-cert", cert, "--proxy-key", key] : list;
  }

  // { code, status, connect, headers, body, text, json, err, report }
  async curl(url, options = {}) {
    const args = ["-sS", "-q", "--max-time", String(options.limit ?? 20),
      "--cacert", options.ca ?? this.ca, "--suppress-connect-headers",
      "-D", "/dev/fd/4", "-w", "%{stderr}\n%{json}",
      ...this.proxyArguments(options)];
    if (options.method) args.push("-X", options.method);
    if (options.head) args.push("-I");
    for (const [name, value] of Object.entries(options.headers ?? {})) {
      args.push("-H", `${name}: ${value}`);
    }
    if (options.body !== undefined) args.push("--data-binary", "@-");
    args.push(...(options.args ?? []), url);
    // Headers go to a file of their own, so that bodies stay byte-exact.
    const file = path.join(this.dir, `head-${process.hrtime.bigint()}`);
    args[args.indexOf("/dev/fd/4")] = file;
    const done = await execute("curl", args, { timeout: 60000,
      input: options.body });
    const at = done.err.lastIndexOf("\n{");
    const report = at < 0 ? {} : JSON.parse(done.err.slice(at + 1));
    const head = fs.existsSync(file) ? fs.readFileSync(file, "latin1") : "";
    fs.rmSync(file, { force: true });
    const { headers, blocks } = parsedHeaders(head);
    return {
      code: done.code,
      status: report.response_code,
      connect: report.http_connect,
      report,
      headers,
      blocks,
      body: done.bytes,
      text: done.out,
      err: done.err.slice(0, at < 0 ? undefined : at),
      get json() { return JSON.parse(done.out); },
    };
  }

  post(url, json, options = {}) {
    const body = typeof json === "string" || Buffer.isBuffer(json) ? json
      : JSON.stringify(json);
    return this.curl(url, { ...options, body,
      headers: { "content-type": "application/json", ...options.headers } });
  }

  // --- undici and what stands on it --------------------------------------------

  agent({ via = "mtls" } = {}) {
    const ca = fs.readFileSync(this.ca);
    const agent = new ProxyAgent(via === "token"
      ? { uri: `http://127.0.0.1:${this.gate.ports.plain}`,
        token: "Basic " + Buffer.from(`${this.name}:${this.token}`)
          .toString("base64"), requestTls: { ca } }
      : { uri: `https://127.0.0.1:${this.gate.ports.tls}`, requestTls: { ca },
        // By address: a bare root has no /etc/hosts that knows localhost.
        proxyTls: { ca, servername: "localhost",
          cert: fs.readFileSync(this.cert), key: fs.readFileSync(this.key) } });
    this.agents.push(agent);
    return agent;
  }

  // A `fetch` for SDKs that take one.
  fetch(options) {
    const dispatcher = this.agent(options);
    return (url, init) => undiciFetch(url, { ...init, dispatcher });
  }

  close() {
    for (const agent of this.agents.splice(0)) agent.destroy().catch(() => {});
  }

  // --- raw bytes ---------------------------------------------------------------

  // The connection to the proxy, before CONNECT.
  async outer({ via = "mtls", session, cert = true } = {}) {
    const raw = net.connect(via === "token" ? this.gate.ports.plain
      : this.gate.ports.tls, "127.0.0.1");
    raw.setNoDelay(true);
    if (via === "token") {
      await once(raw, "connect");
      return raw;
    }
    const socket = tls.connect({ socket: raw, servername: "localhost", session,
      ca: fs.readFileSync(this.ca), ALPNProtocols: ["http/1.1"],
      ...(cert ? { cert: fs.readFileSync(this.cert),
        key: fs.readFileSync(this.key) } : {}) });
    await once(socket, "secureConnect");
    return socket;
  }

  // CONNECT only: { socket, status, head }.
  async connect(host, options = {}) {
    const socket = await this.outer(options);
    const identity = options.via === "token" ? "Proxy-Authorization: Basic " +
      Buffer.from(`${this.name}:${this.token}`).toString("base64") + "\r\n" : "";
    socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n` +
      `${identity}\r\n`);
    const head = await readHead(socket);
    return { socket, status: head.status, head };
  }

  // A tunnel with inner TLS done: the socket that an application would use.
  async tunnel(host, options = {}) {
    const { socket, status, head } = await this.connect(host, options);
    if (status !== 200) {
      socket.destroy();
      throw new Error(`CONNECT answered ${status}: ${head.text}`);
    }
    const inner = tls.connect({ socket, servername: host,
      ca: fs.readFileSync(this.ca), ALPNProtocols: ["http/1.1"],
      session: options.innerSession });
    inner.setNoDelay(true);
    await once(inner, "secureConnect");
    inner.on("error", () => {});
    socket.on("error", () => {});
    inner.reader = new WireReader(inner);
    return inner;
  }
}
