// provider.mjs - the AI providers, simulated: one TLS server for every host.
//
// It records each request byte for byte, counts connections and handshakes,
// and sends what answers.mjs says - in one piece or in a byte at a time, with
// a delay, an encoding, trailers, interim answers, or cut off. Nothing beyond
// Node.js 18 is needed.
//
//   const provider = await startProvider({ dir });
//   provider.plan = { text: "hello", split: 1 };       one plan for all, or
//   provider.plan = (request) => ({ status: 503 });    one for each request
//   provider.requests.at(-1).body                      Buffer, as received
//   await provider.stop();
//
// By itself, `node provider.mjs --dir DIR --port 9443` serves until it is ended,
// and prints each prompt as the provider got it.
//
// A plan, all of it optional:
//   text      what the model says; default: "You said: <last user text>"
//   status    an error of the host's own shape when it is 400 or above
//   headers   added to the answer's own
//   body      instead of the answer's (string or Buffer)
//   events    instead of the answer's (list of strings or Buffers)
//   encoding  gzip deflate br zstd identity; default: "auto" (Accept-Encoding)
//   framing   length chunked close; default: length if buffered, else chunked
//   split     bytes per write; 0: one write per body or event
//   delay     milliseconds between writes;   wait: before the first byte
//   interim   list of 1xx statuses sent first
//   trailers  object sent after a chunked body
//   cut       bytes of body after which the connection is destroyed
//   raw       function (socket, request): write the whole reply yourself

import { execFileSync } from "node:child_process";
import https from "node:https";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import zlib from "node:zlib";
import { ALL_HOSTS, answer, promptOf, refusal } from "./answers.mjs";
import { authority } from "./authority.mjs";

const KEPT = 5000; // requests remembered, so that load tests stay small

// --- encodings ------------------------------------------------------------

const viaZstd = (bytes, ...args) => execFileSync("zstd", ["-qc", ...args],
  { input: bytes, maxBuffer: 1 << 30 });

export const ENCODERS = {
  identity: (bytes) => bytes,
  gzip: (bytes) => zlib.gzipSync(bytes),
  deflate: (bytes) => zlib.deflateSync(bytes),
  br: (bytes) => zlib.brotliCompressSync(bytes),
  zstd: (bytes) => zlib.zstdCompressSync?.(bytes) ?? viaZstd(bytes),
};

export const DECODERS = {
  identity: (bytes) => bytes,
  gzip: (bytes) => zlib.gunzipSync(bytes),
  deflate: (bytes) => zlib.inflateSync(bytes),
  br: (bytes) => zlib.brotliDecompressSync(bytes),
  zstd: (bytes) => zlib.zstdDecompressSync?.(bytes) ?? viaZstd(bytes, "-d"),
};

export function decoded(bytes, encoding) {
  return (encoding ?? "identity").split(",").map((one) => one.trim())
    .reverse().reduce((rest, one) => DECODERS[one || "identity"](rest), bytes);
}

const STREAMERS = {
  gzip: () => zlib.createGzip({ flush: zlib.constants.Z_SYNC_FLUSH }),
  deflate: () => zlib.createDeflate({ flush: zlib.constants.Z_SYNC_FLUSH }),
  br: () => zlib.createBrotliCompress({
    flush: zlib.constants.BROTLI_OPERATION_FLUSH }),
};

function chosenEncoding(wanted, accepted, isStream) {
  if (wanted && wanted !== "auto") return wanted;
  const list = String(accepted ?? "").split(",")
    .map((one) => one.split(";")[0].trim().toLowerCase());
  const offered = isStream ? ["gzip"] : ["zstd", "br", "gzip", "deflate"];
  return offered.find((one) => list.includes(one)) ?? "identity";
}

// --- one request -----------------------------------------------------------

async function bodyOf(incoming) {
  const list = [];
  for await (const piece of incoming) list.push(piece);
  return Buffer.concat(list);
}

function parsed(request) {
  try {
    return JSON.parse(decoded(request.body, request.headers["content-encoding"]));
  } catch {
    return {};
  }
}

function answerTo(request, plan) {
  const url = new URL(request.url, "https://simulated");
  if (plan.status >= 400 && plan.body === undefined) {
    return refusal(request.host, plan.status,
      plan.text ?? "the simulated provider says no");
  }
  const body = parsed(request);
  return answer({ host: request.host, method: request.method,
    path: url.pathname, query: url.searchParams, body,
    text: plan.text ?? `You said: ${promptOf(body)}` });
}

async function compressed(events, encoding) {
  if (encoding === "identity") return events;
  if (!STREAMERS[encoding]) {
    return [ENCODERS[encoding](Buffer.concat(events))];
  }
  const engine = STREAMERS[encoding]();
  const list = [];
  let waiting = [];
  engine.on("data", (piece) => waiting.push(piece));
  for (const event of events) {
    await new Promise((done) => engine.write(event, done));
    list.push(Buffer.concat(waiting));
    waiting = [];
  }
  await new Promise((done) => { engine.on("end", done); engine.end(); });
  list.push(Buffer.concat(waiting));
  return list.filter((piece) => piece.length > 0);
}

function cutUp(list, size) {
  if (!size) return list;
  const all = Buffer.concat(list);
  const pieces = [];
  for (let i = 0; i < all.length; i += size) {
    pieces.push(all.subarray(i, i + size));
  }
  return pieces;
}

async function send(incoming, outgoing, request, plan) {
  const reply = answerTo(request, plan);
  const events = plan.events ?? (plan.body === undefined && reply.events);
  const pieces = (events || [plan.body ?? reply.body ?? ""])
    .map((piece) => Buffer.from(piece));
  const encoding = chosenEncoding(plan.encoding,
    request.headers["accept-encoding"], Boolean(events));
  const status = plan.status ?? reply.status;
  const bodiless = request.method === "HEAD" || status === 204 ||
    status === 304;
  let wire = events ? await compressed(pieces, encoding)
    : [ENCODERS[encoding](pieces[0])];
  const length = Buffer.concat(wire).length;
  const framing = plan.framing ?? (events ? "chunked" : "length");

  outgoing.statusCode = status;
  const headers = { ...reply.headers, ...plan.headers };
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) outgoing.setHeader(name, value);
  }
  if (encoding !== "identity") {
    outgoing.setHeader("content-encoding", encoding);
  }
  if (framing === "length" && status !== 204) {
    outgoing.setHeader("content-length", length);
  } else if (framing === "close") {
    outgoing.useChunkedEncodingByDefault = false;
    outgoing.shouldKeepAlive = false;
  }
  for (const code of plan.interim ?? []) {
    outgoing.socket.write(`HTTP/1.1 ${code} Interim\r\nx-interim: ${code}\r\n\r\n`);
  }
  if (plan.trailers) {
    outgoing.setHeader("trailer", Object.keys(plan.trailers).join(", "));
  }
  if (plan.wait) await sleep(plan.wait);
  if (bodiless) {
    outgoing.end();
    return;
  }
  wire = cutUp(wire, plan.split);
  let sent = 0;
  for (const piece of wire) {
    if (outgoing.destroyed || outgoing.socket?.destroyed) return;
    if (plan.cut !== undefined && sent + piece.length > plan.cut) {
      outgoing.write(piece.subarray(0, plan.cut - sent));
      await sleep(20);
      outgoing.socket.destroy();
      return;
    }
    outgoing.write(piece);
    sent += piece.length;
    request.written.push(process.hrtime.bigint());
    if (plan.delay) await sleep(plan.delay);
    else if (plan.split) await new Promise(setImmediate);
  }
  if (plan.trailers) outgoing.addTrailers(plan.trailers);
  outgoing.end();
}

// --- the server --------------------------------------------------------------

class Provider {
  plan = {};
  requests = [];
  connections = [];
  counts = { connections: 0, handshakes: 0, resumed: 0, requests: 0 };

  constructor(server, files) {
    this.server = server;
    this.files = files;
    this.ca = files.ca;
  }

  get port() {
    return this.server.address().port;
  }

  get address() {
    return `127.0.0.1:${this.port}`;
  }

  // Forgets what was seen; open connections stay open.
  reset() {
    this.plan = {};
    this.requests = [];
    this.connections = [];
    for (const name of Object.keys(this.counts)) this.counts[name] = 0;
  }

  // The plan of one request, by its body's text or anything else about it.
  planFor(request) {
    return (typeof this.plan === "function" ? this.plan(request) : this.plan)
      ?? {};
  }

  // Closes idle and busy connections alike: a restart as its clients see it.
  hangUp() {
    this.server.closeAllConnections();
  }

  stop() {
    return new Promise((done) => {
      this.server.close(done);
      this.server.closeAllConnections();
    });
  }
}

function watchConnections(provider) {
  const { server } = provider;
  server.on("connection", () => { provider.counts.connections++; });
  server.on("secureConnection", (socket) => {
    provider.counts.handshakes++;
    if (socket.isSessionReused()) provider.counts.resumed++;
    socket.seen = { id: provider.counts.handshakes, requests: 0,
      servername: socket.servername, resumed: socket.isSessionReused(),
      protocol: socket.getProtocol(), cipher: socket.getCipher()?.name,
      alpn: socket.alpnProtocol, closed: false };
    provider.connections.push(socket.seen);
    if (provider.connections.length > KEPT) provider.connections.shift();
    socket.on("close", () => { socket.seen.closed = true; });
    socket.on("error", () => {});
  });
}

async function serve(provider, incoming, outgoing) {
  const request = {
    id: ++provider.counts.requests,
    at: Date.now(),
    method: incoming.method,
    url: incoming.url,
    version: incoming.httpVersion,
    headers: incoming.headers,
    rawHeaders: incoming.rawHeaders,
    host: String(incoming.headers.host ?? "").replace(/:\d+$/, ""),
    connection: incoming.socket.seen,
    complete: false,
    body: Buffer.alloc(0),
    trailers: {},
    written: [], // hrtime of each write of the reply
  };
  if (request.connection) request.connection.requests++;
  provider.requests.push(request);
  if (provider.requests.length > KEPT) provider.requests.shift();
  outgoing.on("close", () => { request.finished = outgoing.writableFinished; });
  try {
    request.body = await bodyOf(incoming);
    request.trailers = incoming.trailers;
    request.complete = true;
    const plan = provider.planFor(request);
    if (plan.raw) plan.raw(incoming.socket, request);
    else await send(incoming, outgoing, request, plan);
  } catch (error) {
    if (!incoming.socket.destroyed) outgoing.destroy(error);
  }
}

export async function startProvider({ dir, hosts = ALL_HOSTS, port = 0,
  address = "127.0.0.1", tls = {} } = {}) {
  const home = dir ?? fs.mkdtempSync(path.join(os.tmpdir(), "provider-"));
  const files = authority(home, [...hosts, "localhost"]);
  const server = https.createServer({
    key: fs.readFileSync(files.key),
    cert: fs.readFileSync(files.cert),
    ALPNProtocols: ["http/1.1"],
    keepAliveTimeout: 60000,
    requestTimeout: 0,
    ...tls,
  });
  server.maxRequestsPerSocket = 0;
  const provider = new Provider(server, files);
  watchConnections(provider);
  const take = (incoming, outgoing) => serve(provider, incoming, outgoing);
  server.on("request", take);
  server.on("checkContinue", (incoming, outgoing) => {
    outgoing.writeContinue();
    take(incoming, outgoing);
  });
  server.on("tlsClientError", () => {});
  await new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, address, done);
  });
  return provider;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const option = (name, otherwise) => {
    const at = process.argv.indexOf(`--${name}`);
    return at > 0 ? process.argv[at + 1] : otherwise;
  };
  const provider = await startProvider({ dir: option("dir", "build/provider"),
    port: Number(option("port", "9443")) });
  const delay = Number(option("delay", "30"));
  provider.plan = (request) => {
    console.log(`${request.host} ${request.method} ${request.url}: ` +
      JSON.stringify(promptOf(parsed(request))));
    return { delay };
  };
  console.log(`simulated providers on ${provider.address}, root ${provider.ca}`);
}
