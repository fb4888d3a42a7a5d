// moongate.mjs - the real binary, started for a test in a folder of its own.
//
//   const gate = await startMoongate({ provider, policies: { "no-cards": `...` } });
//   const laptops = await gate.integration("laptops");
//   const reply = await laptops.curl("https://api.openai.com/v1/models");
//   const event = await gate.event((one) => one.path === "/v1/models");
//   await gate.stop();
//
// Nothing here is a stand-in: processes, TLS, files and clients are the ones
// that a person would use. Processes are ended by the ids that started them.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { ALL_HOSTS } from "./answers.mjs";
import { Device } from "./device.mjs";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const BINARY = path.resolve(ROOT,
  process.env.MOONGATE ?? "build/moongate");

// What a surrounding system says about trust and proxies must not decide a test.
export function plainEnvironment(extra = {}) {
  const kept = Object.entries(process.env).filter(([name]) =>
    !/(^|_)(CA|CERT|SSL)(_|S?$)|_proxy$|^NODE_/i.test(name) &&
    !/CA_BUNDLE|CAINFO|CACERT/i.test(name));
  return { ...Object.fromEntries(kept), NO_COLOR: "1", ...extra };
}

// Runs a program; never throws: { code, out, err }.
export function execute(file, args, options = {}) {
  return new Promise((done) => {
    const child = execFile(file, args, { env: plainEnvironment(options.env),
      cwd: options.cwd ?? ROOT, maxBuffer: 1 << 28,
      timeout: options.timeout ?? 60000, encoding: "buffer" },
    (error, out, err) => done({ code: error ? error.code ?? -1 : 0,
      signal: error?.signal, bytes: out, out: out.toString(),
      err: err.toString() }));
    if (options.input !== undefined) child.stdin.end(options.input);
    else child.stdin.end();
  });
}

export async function until(what, probe, limit = 10000, pause = 25) {
  const end = Date.now() + limit;
  for (;;) {
    const found = await probe();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${limit} ms for ${what}`);
    await sleep(pause);
  }
}

export async function freePorts(count) {
  const servers = [];
  for (let i = 0; i < count; i++) {
    const server = net.createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) =>
    new Promise((done) => server.close(done))));
  return ports;
}

function listens(port) {
  return new Promise((done) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => { socket.destroy(); done(true); });
    socket.once("error", () => done(false));
  });
}

// A JavaScript value as the Lua that moongate.lua is written in.
export function lua(value, indent = "") {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  const inner = indent + "  ";
  const rows = Array.isArray(value) ? value.map((one) => lua(one, inner))
    : Object.entries(value).map(([name, one]) =>
      `${/^[A-Za-z_]\w*$/.test(name) ? name : `[${JSON.stringify(name)}]`}` +
      ` = ${lua(one, inner)}`);
  return `{\n${rows.map((row) => `${inner}${row},\n`).join("")}${indent}}`;
}

// Every process below `pid`, itself first.
export function family(pid) {
  const children = new Map();
  for (const name of fs.readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = fs.readFileSync(`/proc/${name}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const list = children.get(Number(fields[1])) ?? [];
      children.set(Number(fields[1]), [...list, Number(name)]);
    } catch { /* it ended while we looked */ }
  }
  const found = [];
  const walk = (one) => {
    found.push(one);
    for (const child of children.get(one) ?? []) walk(child);
  };
  walk(pid);
  return found;
}

class Moongate {
  log = "";
  devices = new Map();

  constructor(fields) {
    Object.assign(this, fields);
  }

  // One subcommand of the product, on this state and configuration.
  command(...args) {
    return execute(BINARY, args, { timeout: 30000 });
  }

  async commandOk(...args) {
    const done = await this.command(...args);
    if (done.code !== 0) {
      throw new Error(`moongate ${args.join(" ")}: exit ${done.code}\n` +
        this.log.split("\n").slice(-8).join("\n") +
        done.err + done.out);
    }
    return done.out;
  }

  writePolicies(policies) {
    fs.rmSync(this.policyDir, { recursive: true, force: true });
    fs.mkdirSync(this.policyDir, { recursive: true });
    for (const [name, text] of Object.entries(policies)) {
      this.writePolicy(name, text);
    }
  }

  writePolicy(name, text) {
    const file = path.join(this.policyDir, `${name}.lua`);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file + ".new", text);
    fs.renameSync(file + ".new", file);
  }

  writeSettings(settings) {
    this.settings = settings;
    fs.writeFileSync(this.config, `return ${lua(settings)}\n`);
  }

  // Creates an integration once; later calls give the same device.
  async integration(name, ...flags) {
    if (this.devices.has(name)) return this.devices.get(name);
    const dir = path.join(this.dir, "keys", name);
    fs.mkdirSync(dir, { recursive: true });
    const out = await this.commandOk("integration", "create", name, "--state",
      this.state, "--config", this.config, "--out", dir, "--json", ...flags);
    const device = new Device(this, name, dir, JSON.parse(out));
    this.devices.set(name, device);
    if (this.child) await this.#welcomed(device);
    return device;
  }

  // Workers learn of a new integration within a moment, not at once.
  #welcomed(device) {
    return until(`${device.name} to be known`, async () => {
      const { socket, status } = await device.connect("api.openai.com",
        { via: "token" });
      socket.destroy();
      return status === 200;
    }, 2000);
  }

  async start() {
    const [file, ...args] = [...this.launch, BINARY, "run", "--config",
      this.config];
    this.child = spawn(file, args, {
      cwd: this.dir, env: plainEnvironment(), stdio: ["ignore", "pipe", "pipe"] });
    this.ended = once(this.child, "exit");
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text) => { this.log += text; });
    }
    const ports = Object.values(this.ports);
    await until("moongate to listen", async () => {
      if (this.child.exitCode !== null) {
        throw new Error(`moongate ended with ${this.child.exitCode}:\n${this.log}`);
      }
      const up = await Promise.all(ports.map(listens));
      return up.every(Boolean);
    }, 30000).catch((error) => {
      this.child.kill("SIGKILL");
      throw new Error(`${error.message}\n${this.log}`);
    });
    return this;
  }

  get pid() {
    return this.child.pid;
  }

  // What runs, by role: { supervisor, signer, control, workers: [pid] }.
  async pids() {
    const { supervisor, signer, control, workers } = await this.status();
    return { supervisor, signer, control,
      workers: workers.map((one) => one.pid) };
  }

  // SIGHUP, then waits until the log says how the reload went.
  async reload() {
    const from = this.log.length;
    this.child.kill("SIGHUP");
    return until("the reload's outcome", () =>
      this.log.slice(from).match(/^.* supervisor reload(ed|\b).*$/m)?.[0], 10000);
  }

  async status() {
    return JSON.parse(await this.commandOk("status", "--json", "--config",
      this.config));
  }

  async events() {
    const { code, out, err } = await this.command("events", "--json",
      "--limit", "0", "--config", this.config);
    if (code > 1) throw new Error(`moongate events: exit ${code}\n${err}`);
    return out.split("\n").filter(Boolean).map((line) => JSON.parse(line));
  }

  // The first event that fits, newest last; waits for it.
  event(fits, limit = 10000) {
    return until("an event", async () => (await this.events()).find(fits),
      limit, 100);
  }

  async drain(limit = 35000) {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill("SIGTERM");
      const late = sleep(limit, "late", { ref: false });
      if (await Promise.race([this.ended, late]) === "late") {
        for (const pid of family(this.pid).reverse()) {
          try { process.kill(pid, "SIGKILL"); } catch { /* gone */ }
        }
        throw new Error(`moongate did not end within ${limit} ms\n${this.log}`);
      }
    }
    return this.child.exitCode;
  }

  async stop() {
    for (const device of this.devices.values()) device.close();
    await this.drain(15000);
    if (process.env.KEEP) console.log(`kept: ${this.dir}`);
    else fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

function defaults(gate, provider, connect) {
  const hosts = {};
  if (provider) {
    for (const host of ALL_HOSTS) hosts[host] = provider.address;
  }
  return {
    state: gate.state,
    policies: gate.policyDir,
    workers: 1,
    log: "info",
    listen: {
      tls: [`127.0.0.1:${gate.ports.tls}`],
      plain: [`127.0.0.1:${gate.ports.plain}`],
      control: `127.0.0.1:${gate.ports.control}`,
    },
    upstream: { ...(provider ? { ca: provider.ca } : {}),
      connect: { ...hosts, ...connect } },
    timeouts: { drain: "3s" },
  };
}

function merged(base, extra) {
  const result = { ...base };
  for (const [name, value] of Object.entries(extra)) {
    const nested = value && typeof value === "object" && !Array.isArray(value);
    result[name] = nested ? merged(base[name] ?? {}, value) : value;
  }
  return result;
}

// `settings` is laid over the defaults; `connect` adds fixed upstreams;
// `before(gate)` runs when state and configuration are there, before the start;
// `launch` is a command that starts its arguments ("taskset", "-c", "0").
export async function startMoongate({ provider, policies = {}, settings = {},
  connect = {}, before, launch = [] } = {}) {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "moongate-"));
  const [tls, plain, control] = await freePorts(3);
  const gate = new Moongate({ dir, ports: { tls, plain, control },
    state: path.join(dir, "state"), policyDir: path.join(dir, "policies"),
    config: path.join(dir, "moongate.lua"), provider, launch });
  gate.writePolicies(policies);
  gate.writeSettings(merged(defaults(gate, provider, connect), settings));
  await gate.commandOk("ca", "init", "--state", gate.state, "--config",
    gate.config);
  if (before) await before(gate);
  return gate.start();
}
