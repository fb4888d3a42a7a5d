// peers.mjs - `make bench`: Moongate beside its peers, in one run.
//
// For each operation and each proxy in turn, three rounds or more: the CPU that
// the proxy's processes used (/proc/PID/stat) divided by the operations done.
// Peers take turns within a round, so that a noisy minute touches all of them.
// Results: a table here, and every figure in build/bench/results.json.
//
//   ROUNDS=5 ONLY=keep,idle PEERS=moongate,nginx SCALE=0.2 make bench
//
// Moongate carries mutual TLS to the proxy, CONNECT and TLS within; nginx and
// HAProxy are reverse proxies without CONNECT (the lower envelope); Squid and
// mitmproxy take plain CONNECT. "moongate token" is Moongate's plain listener,
// which is the like of those two.

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { authority } from "../support/authority.mjs";
import { execute, family, freePorts, plainEnvironment, ROOT, startMoongate,
  until } from "../support/moongate.mjs";

const LOAD = path.join(ROOT, "build/bench/load");
const ORIGIN = path.join(ROOT, "build/bench/origin");
const OUT = path.join(ROOT, "build/bench/results.json");
const ROUNDS = Number(process.env.ROUNDS ?? 3);
const SCALE = Number(process.env.SCALE ?? 1);
const WARM = "api.openai.com";
const COLD = "api.anthropic.com";
const DESCRIPTORS = Number(execFileSync("sh", ["-c", "ulimit -H -n"]));
const TICKS = Number(execFileSync("getconf", ["CLK_TCK"]));

// --- operations -----------------------------------------------------------

// target: what limits.md asks of Moongate, in the row's unit; `times` converts
// CPU seconds an operation to that unit.
// Idle tunnels come first: memory that an allocator kept would hide them.
const OPERATIONS = [
  { id: "idle1000", about: "1,000 idle tunnels, KiB each", unit: "KiB",
    target: 64, idle: 1000, slow: 200, load: { mode: "idle", threads: 8 } },
  { id: "idle5000", about: "5,000 idle tunnels, KiB each", unit: "KiB",
    target: 64, idle: 5000, slow: 200, rounds: 1, load: { mode: "idle", threads: 8 } },
  { id: "cold", about: "cold tunnel + 1 KB", unit: "us", times: 1e6,
    target: 1500, count: 300, slow: 40, load: { mode: "fresh", threads: 4 },
    cold: true },
  { id: "warm", about: "warm tunnel + 1 KB", unit: "us", times: 1e6,
    target: 400, count: 800, slow: 40,
    load: { mode: "fresh", threads: 4, resume: "yes" } },
  { id: "keep", about: "keep-alive 1 KB, no policies", unit: "us", times: 1e6,
    target: 45, count: 30000, slow: 600, load: { mode: "keep", threads: 8 } },
  { id: "judged", about: "keep-alive 2 KB prompt, policies", unit: "us",
    times: 1e6, target: 60, count: 20000, slow: 600, judged: true,
    load: { mode: "keep", threads: 8, body: 2048,
      path: "/v1/chat/completions" } },
  { id: "bulk", about: "50 MB download, seconds a GB", unit: "s/GB",
    times: 1e9 / (50 << 20), target: 2, count: 8, slow: 1,
    load: { mode: "keep", threads: 1, path: `/bulk/${50 << 20}` } },
  { id: "sse", about: "event of 200 bytes relayed", unit: "us", times: 1e6,
    target: 15, count: 8, slow: 8, each: 2000,
    load: { mode: "keep", threads: 8, path: "/sse/2000/400" } },
];

// --- processes ---------------------------------------------------------------

function cpuSeconds(pid) {
  let ticks = 0;
  for (const one of family(pid)) {
    try {
      const stat = fs.readFileSync(`/proc/${one}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      for (const i of [11, 12]) ticks += Number(fields[i]);
    } catch { /* it ended */ }
  }
  return ticks / TICKS;
}

// Proportional set size: shared pages count once.
function memoryKiB(pid) {
  let sum = 0;
  for (const one of family(pid)) {
    try {
      const text = fs.readFileSync(`/proc/${one}/smaps_rollup`, "utf8");
      sum += Number(text.match(/^Pss:\s+(\d+)/m)[1]);
    } catch { /* it ended */ }
  }
  return sum;
}

// Many descriptors, and a core of its own: the load and the origin use the other.
function launch(file, args, { core, env } = {}) {
  const pin = core === undefined || os.cpus().length < 2 ? ""
    : `taskset -c ${core} `;
  const child = spawn("sh", ["-c", `ulimit -n $(ulimit -H -n); exec ${pin}"$@"`, "sh",
    file, ...args], { env: plainEnvironment(env),
    stdio: ["ignore", "pipe", "pipe"] });
  child.said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => { child.said = (child.said + text).slice(-4000); });
  }
  return child;
}

async function listening(child, port, what) {
  const net = await import("node:net");
  await until(`${what} to listen`, () => new Promise((done, fail) => {
    if (child.exitCode !== null) fail(new Error(`${what}: ${child.said}`));
    const socket = net.connect(port, "127.0.0.1", () => {
      socket.destroy();
      done(true);
    });
    socket.once("error", () => done(false));
  }), 20000, 100);
}

async function ended(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const over = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 8000);
  await over;
  clearTimeout(timer);
}

const has = (command) => ["/usr/sbin", "/sbin", ...process.env.PATH.split(":")]
  .map((dir) => path.join(dir, command)).find((file) => fs.existsSync(file));

// --- the peers ------------------------------------------------------------------

// Each returns null when it is not installed, else { pid, ways, stop }:
// ways.warm / ways.cold / ways.judged are options of load.

async function nginx(dir, ca, origin) {
  const binary = has("nginx");
  if (!binary) return null;
  const [warm, cold] = await freePorts(2);
  const server = (port, name, to) => `
  upstream ${name} { server 127.0.0.1:${to}; keepalive 64;
    keepalive_requests 100000000; }
  server {
    listen 127.0.0.1:${port} ssl backlog=4096;
    ssl_certificate ${ca.cert}; ssl_certificate_key ${ca.key};
    ssl_session_cache shared:s${port}:8m;
    keepalive_requests 100000000; keepalive_timeout 600s;
    location / {
      proxy_pass https://${name}; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_set_header Host $host;
      proxy_ssl_verify on; proxy_ssl_trusted_certificate ${ca.ca};
      proxy_ssl_name ${name === "cold" ? COLD : WARM};
      proxy_ssl_server_name on;
    }
    location /sse { proxy_pass https://${name}; proxy_http_version 1.1;
      proxy_set_header Connection ""; proxy_buffering off;
      proxy_ssl_verify on; proxy_ssl_trusted_certificate ${ca.ca};
      proxy_ssl_name ${WARM}; proxy_ssl_server_name on; }
  }`;
  fs.writeFileSync(`${dir}/nginx.conf`, `
daemon off; worker_processes 1; pid ${dir}/nginx.pid; error_log stderr error;
events { worker_connections 16384; }
http { access_log off; ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((one) => `${one}_temp_path ${dir}/${one};`).join(" ")}
${server(warm, "warm", origin.warm)}${server(cold, "cold", origin.cold)}
}`);
  const child = launch(binary, ["-p", dir, "-c", `${dir}/nginx.conf`],
    { core: 0 });
  await listening(child, warm, "nginx");
  const way = (port, name) => ({ to: `127.0.0.1:${port}`, name, ca: ca.ca });
  return { pid: child.pid, stop: () => ended(child),
    ways: { warm: way(warm, WARM), cold: way(cold, COLD) } };
}

async function haproxy(dir, ca, origin) {
  const binary = has("haproxy");
  if (!binary) return null;
  const [warm, cold] = await freePorts(2);
  fs.writeFileSync(`${dir}/haproxy.pem`, fs.readFileSync(ca.cert, "utf8") +
    fs.readFileSync(ca.key, "utf8"), { mode: 0o600 });
  const pair = (name, port, to, sni) => `
frontend ${name}
  bind 127.0.0.1:${port} ssl crt ${dir}/haproxy.pem backlog 4096
  default_backend ${name}
backend ${name}
  http-reuse always
  server origin 127.0.0.1:${to} ssl verify required ca-file ${ca.ca} sni str(${
  sni}) check-sni ${sni} verifyhost ${sni}`;
  fs.writeFileSync(`${dir}/haproxy.cfg`, `
global
  nbthread 1
  maxconn ${(DESCRIPTORS - 200) >> 1}
  tune.ssl.cachesize 20000
defaults
  mode http
  timeout connect 10s
  timeout client 600s
  timeout server 60s
${pair("warm", warm, origin.warm, WARM)}
${pair("cold", cold, origin.cold, COLD)}
`);
  const child = launch(binary, ["-db", "-q", "-f", `${dir}/haproxy.cfg`],
    { core: 0 });
  await listening(child, warm, "haproxy");
  const way = (port, name) => ({ to: `127.0.0.1:${port}`, name, ca: ca.ca });
  return { pid: child.pid, stop: () => ended(child),
    ways: { warm: way(warm, WARM), cold: way(cold, COLD) } };
}

async function squid(dir, ca, origin) {
  const binary = has("squid");
  const certgen = "/usr/lib/squid/security_file_certgen";
  if (!binary || !fs.existsSync(certgen)) return null;
  const [port] = await freePorts(1);
  execFileSync(certgen, ["-c", "-s", `${dir}/certgen`, "-M", "4MB"],
    { stdio: "ignore" });
  fs.copyFileSync(ca.ca, `${dir}/squid-ca.pem`);
  fs.copyFileSync(path.join(path.dirname(ca.ca), "ca.key"),
    `${dir}/squid-ca.key`);
  fs.writeFileSync(`${dir}/squid.conf`, `
http_port 127.0.0.1:${port} ssl-bump cert=${dir}/squid-ca.pem key=${dir
}/squid-ca.key generate-host-certificates=on dynamic_cert_mem_cache_size=8MB
sslcrtd_program ${certgen} -s ${dir}/certgen -M 4MB
sslcrtd_children 1 startup=1
ssl_bump bump all
tls_outgoing_options cafile=${ca.ca}
http_access allow all
cache deny all
cache_mem 8 MB
access_log none
cache_log ${dir}/squid.log
pid_filename ${dir}/squid.pid
coredump_dir ${dir}
workers 1
shutdown_lifetime 1 seconds
pinger_enable off
client_persistent_connections on
server_persistent_connections on
client_idle_pconn_timeout 10 minutes
`);
  execFileSync("chown", ["-R", "proxy:proxy", dir]);
  const child = launch(binary, ["-N", "-f", `${dir}/squid.conf`], { core: 0 });
  await listening(child, port, "squid");
  const way = (to) => ({ to: `127.0.0.1:${port}`, name: "localhost",
    connect: `localhost:${to}`, ca: ca.ca });
  return { pid: child.pid, stop: () => ended(child),
    ways: { warm: way(origin.warm), cold: way(origin.cold) } };
}

async function mitmproxy(dir, ca, origin) {
  const binary = has("mitmdump");
  if (!binary) return null;
  const [port] = await freePorts(1);
  const child = launch(binary, ["-q", "-p", String(port), "--listen-host",
    "127.0.0.1", "--set", `confdir=${dir}/mitmproxy`, "--set",
    `ssl_verify_upstream_trusted_ca=${ca.ca}`, "--set",
    "connection_strategy=lazy"], { core: 0 });
  await listening(child, port, "mitmproxy");
  const root = `${dir}/mitmproxy/mitmproxy-ca-cert.pem`;
  await until("mitmproxy's root", () => fs.existsSync(root));
  const way = (to) => ({ to: `127.0.0.1:${port}`, name: "localhost",
    connect: `localhost:${to}`, ca: root });
  return { pid: child.pid, slow: true, stop: () => ended(child),
    ways: { warm: way(origin.warm), cold: way(origin.cold) } };
}

// Moongate twice: without policies, and with those that ship.
async function moongate(ca, origin) {
  const start = async (policies) => {
    const gate = await startMoongate({ launch: ["sh", "-c",
      "ulimit -n $(ulimit -H -n); exec taskset -c 0 \"$@\"", "sh"],
    settings: { workers: 1, log: "warn", upstream: { ca: ca.ca },
      timeouts: { idle: "10m" }, ...(policies ? { policies } : {}) },
    connect: { [WARM]: `127.0.0.1:${origin.warm}`,
      [COLD]: `127.0.0.1:${origin.cold}` } });
    const device = await gate.integration("bench");
    const way = (name) => ({ to: `127.0.0.1:${gate.ports.tls}`, name,
      connect: `${name}:443`, ca: device.ca, outer: "yes",
      "outer-ca": device.ca, cert: device.cert, key: device.key });
    const plain = (name) => ({ to: `127.0.0.1:${gate.ports.plain}`, name,
      connect: `${name}:443`, ca: device.ca, token: Buffer.from(
        `bench:${device.token}`).toString("base64") });
    return { pid: gate.pid, stop: () => gate.stop(),
      ways: { warm: way(WARM), cold: way(COLD) },
      plain: { warm: plain(WARM), cold: plain(COLD) } };
  };
  const bare = await start();
  // Those that ship; only the limit of requests a minute is out of the way.
  const shipped = fs.mkdtempSync(path.join(os.tmpdir(), "policies-"));
  fs.cpSync(path.join(ROOT, "policies"), shipped, { recursive: true });
  const limit = path.join(shipped, "fair-use.lua");
  fs.writeFileSync(limit, fs.readFileSync(limit, "utf8")
    .replace(/limit \{ \d+/, "limit { 1000000000"));
  const judging = await start(shipped);
  const both = (pick) => ({ pid: bare.pid, ways: pick(bare),
    judging: { pid: judging.pid, ways: pick(judging) },
    stop: async () => {
      await bare.stop();
      await judging.stop();
      fs.rmSync(shipped, { recursive: true });
    } });
  return { mtls: both((one) => one.ways), token: { ...both((one) => one.plain),
    stop: async () => {} } };
}

// --- measuring ---------------------------------------------------------------

const argumentsOf = (load, way, count) => [load.mode,
  ...Object.entries({ ...way, ...load, count }).flatMap(([name, value]) =>
    name === "mode" ? [] : [`--${name}`, String(value)])];

async function runLoad(args) {
  const done = await execute("sh", ["-c",
    "ulimit -n $(ulimit -H -n); exec taskset -c 1 \"$@\"", "sh", LOAD, ...args],
  { timeout: 300000 });
  if (done.code !== 0) throw new Error(done.err);
  return JSON.parse(done.out);
}

const baselines = new Map(); // KiB before the first idle tunnel, by pid

async function measureIdle(operation, peer, way) {
  const count = peer.slow ? operation.slow : operation.idle;
  if (!baselines.has(peer.pid)) {
    await runLoad(argumentsOf({ ...operation.load, mode: "keep" }, way, 100));
    baselines.set(peer.pid, memoryKiB(peer.pid));
  }
  const child = spawn("sh", ["-c", "ulimit -n $(ulimit -H -n); exec \"$@\"", "sh", LOAD,
    ...argumentsOf(operation.load, way, count)],
  { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const result = JSON.parse(line);
  await new Promise((done) => setTimeout(done, 1500));
  const after = memoryKiB(peer.pid);
  child.stdin.end();
  await once(child, "exit");
  await new Promise((done) => setTimeout(done, 500));
  return { value: (after - baselines.get(peer.pid)) / count,
    ...result, count };
}

async function measure(operation, whole) {
  const peer = operation.judged && whole.judging ? { ...whole,
    ...whole.judging } : whole;
  const way = operation.cold ? peer.ways.cold : peer.ways.warm;
  if (operation.idle) return measureIdle(operation, peer, way);
  const count = Math.max(1, Math.round(SCALE *
    (peer.slow ? operation.slow : operation.count)));
  const threads = Math.min(operation.load.threads, count);
  const load = { ...operation.load, threads };
  // Twice the threads first: leaves minted, sessions kept, code paged in.
  if (!["bulk", "sse"].includes(operation.id)) {
    await runLoad(argumentsOf(load, way, threads * 2));
  }
  const before = cpuSeconds(peer.pid);
  const result = await runLoad(argumentsOf(load, way, count));
  const used = cpuSeconds(peer.pid) - before;
  const good = (count - result.errors) * (operation.each ?? 1);
  return { value: good > 0 ? used / good * operation.times : NaN, ...result };
}

const sorted = (list) => [...list].sort((a, b) => a - b);
const median = (list) => sorted(list)[list.length >> 1];
const shown = (value) => value === undefined || Number.isNaN(value) ? "-"
  : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1)
    : value.toFixed(2);

function table(results, names) {
  const width = 11;
  const row = (cells) => console.log(cells.map((cell, i) => i === 0
    ? cell.padEnd(38) : cell.padStart(width)).join(""));
  row(["proxy CPU an operation (median)", "target", ...names]);
  for (const operation of OPERATIONS) {
    const found = results[operation.id];
    if (!found) continue;
    row([`${operation.about} [${operation.unit}]`, shown(operation.target),
      ...names.map((name) => shown(found[name]?.median))]);
  }
  console.log();
  row(["the same, as multiples of Moongate", "of target", ...names]);
  for (const operation of OPERATIONS) {
    const found = results[operation.id];
    const own = found?.moongate?.median;
    if (!own) continue;
    row([operation.id, `${shown(own / operation.target)}x`,
      ...names.map((name) => found[name] ? `${shown(found[name].median / own)}x`
        : "-")]);
  }
}

async function main() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), "bench-"));
  fs.chmodSync(dir, 0o755);
  const ca = authority(path.join(dir, "ca"), [WARM, COLD, "localhost"]);
  fs.chmodSync(path.dirname(ca.ca), 0o755);
  const [warm, cold] = await freePorts(2);
  const origins = [launch(ORIGIN, [warm, ca.cert, ca.key], { core: 1 }),
    launch(ORIGIN, [cold, ca.cert, ca.key, "cold"], { core: 1 })];
  await listening(origins[0], warm, "origin");
  await listening(origins[1], cold, "origin");

  const wanted = process.env.PEERS?.split(",");
  const peers = {};
  const add = async (name, make) => {
    if (wanted && !wanted.includes(name)) return;
    const home = path.join(dir, name.replace(" ", "-"));
    fs.mkdirSync(home);
    const peer = await make(home, ca, { warm, cold }).catch((error) => {
      console.log(`${name} did not start: ${error.message.slice(0, 400)}`);
    });
    if (peer) peers[name] = peer;
    else if (peer === null) console.log(`${name} is not installed: skipped`);
  };
  const gates = {};
  await add("moongate", async () => {
    Object.assign(gates, await moongate(ca, { warm, cold }));
    return gates.mtls;
  });
  if (gates.token) peers["mg token"] = gates.token;
  await add("nginx", nginx);
  await add("haproxy", haproxy);
  await add("squid", squid);
  await add("mitmproxy", mitmproxy);

  const names = Object.keys(peers);
  const only = process.env.ONLY?.split(",");
  const results = {};
  try {
    for (const operation of OPERATIONS) {
      if (only && !only.includes(operation.id)) continue;
      const found = results[operation.id] = {};
      for (let round = 0; round < (operation.rounds ?? ROUNDS); round++) {
        for (const name of names) {
          const one = await measure(operation, peers[name]).catch((error) => {
            console.log(`${operation.id} ${name}: ${error.message.slice(0, 200)}`);
            return { value: NaN };
          });
          (found[name] ??= { rounds: [] }).rounds.push(one);
        }
      }
      for (const name of names) {
        const values = found[name].rounds.map((one) => one.value)
          .filter((value) => !Number.isNaN(value));
        Object.assign(found[name], { min: sorted(values)[0],
          median: values.length ? median(values) : NaN,
          max: sorted(values).at(-1),
          errors: found[name].rounds.reduce((n, one) =>
            n + (one.errors ?? 0), 0) });
      }
      console.log(`${operation.id}: ${names.map((name) => `${name} ${
        shown(found[name].median)}${found[name].errors
        ? ` (${found[name].errors} errors)` : ""}`).join(", ")}`);
    }
  } finally {
    for (const peer of Object.values(peers)) await peer.stop();
    for (const origin of origins) await ended(origin);
    fs.rmSync(dir, { recursive: true, force: true });
  }
  console.log();
  table(results, names);
  fs.writeFileSync(OUT, JSON.stringify({ at: new Date().toISOString(),
    rounds: ROUNDS, scale: SCALE, cpu: os.cpus()[0].model,
    cores: os.cpus().length, kernel: os.release(), node: process.version,
    targets: Object.fromEntries(OPERATIONS.map((one) =>
      [one.id, { target: one.target, unit: one.unit, about: one.about }])),
    results }, null, 1));
  console.log(`\nevery figure, with minimum and maximum: ${OUT}`);
}

await main();
