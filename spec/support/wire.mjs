// wire.mjs - HTTP/1.1 replies read by hand, for tests that send by hand.

export class Closed extends Error {}

// Reads a byte stream in pieces that the caller names. One reader a socket.
export class WireReader {
  #bytes = Buffer.alloc(0);
  #ended = false;
  #wake = () => {};

  constructor(socket) {
    socket.on("data", (piece) => {
      this.#bytes = Buffer.concat([this.#bytes, piece]);
      this.#wake();
    });
    for (const name of ["end", "close", "error"]) {
      socket.on(name, () => { this.#ended = true; this.#wake(); });
    }
  }

  get ended() {
    return this.#ended;
  }

  async #more(limit) {
    if (this.#ended) throw new Closed("the connection was closed");
    let timer;
    await new Promise((done, fail) => {
      this.#wake = done;
      timer = setTimeout(() => fail(new Error(`silence for ${limit} ms after ` +
        JSON.stringify(this.#bytes.toString("latin1").slice(0, 200)))), limit);
    }).finally(() => clearTimeout(timer));
  }

  async exactly(count, limit = 10000) {
    while (this.#bytes.length < count) await this.#more(limit);
    const piece = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return piece;
  }

  async upTo(mark, limit = 10000) {
    for (;;) {
      const at = this.#bytes.indexOf(mark);
      if (at >= 0) return this.exactly(at + mark.length);
      await this.#more(limit);
    }
  }

  async toEnd(limit = 10000) {
    while (!this.#ended) await this.#more(limit).catch((error) => {
      if (!(error instanceof Closed)) throw error;
    });
    return this.exactly(this.#bytes.length);
  }

  async head(limit) {
    const text = (await this.upTo("\r\n\r\n", limit)).toString("latin1");
    const [first, ...lines] = text.slice(0, -4).split("\r\n");
    const headers = {};
    const fields = lines.map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    });
    for (const [name, value] of fields) {
      const lower = name.toLowerCase();
      headers[lower] = lower in headers ? `${headers[lower]}, ${value}` : value;
    }
    return { status: Number(first.split(" ")[1]), first, headers, fields, text };
  }

  async #chunked(limit) {
    const pieces = [];
    for (;;) {
      const size = parseInt((await this.upTo("\r\n", limit)).toString(), 16);
      if (size === 0) break;
      pieces.push(Buffer.from(await this.exactly(size, limit)));
      await this.exactly(2, limit);
    }
    const trailers = {};
    for (;;) {
      const line = (await this.upTo("\r\n", limit)).toString("latin1").trim();
      if (line === "") break;
      const at = line.indexOf(":");
      trailers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
    }
    return { body: Buffer.concat(pieces), trailers, chunks: pieces };
  }

  // One reply: { status, headers, body, trailers, interim: [heads] }.
  async reply({ method = "GET", limit = 10000 } = {}) {
    const interim = [];
    let head = await this.head(limit);
    while (head.status < 200 && head.status !== 101) {
      interim.push(head);
      head = await this.head(limit);
    }
    const reply = { ...head, interim, body: Buffer.alloc(0), trailers: {} };
    if (method === "HEAD" || [101, 204, 304].includes(head.status)) return reply;
    const coding = head.headers["transfer-encoding"];
    if (coding?.toLowerCase() === "chunked") {
      Object.assign(reply, await this.#chunked(limit));
    } else if (head.headers["content-length"] !== undefined) {
      reply.body = Buffer.from(await this.exactly(
        Number(head.headers["content-length"]), limit));
    } else {
      reply.body = Buffer.from(await this.toEnd(limit));
    }
    reply.text = reply.body.toString();
    return reply;
  }
}

// The head of a reply on a socket that goes on to carry something else: nothing
// past it is consumed.
export function readHead(socket, limit = 10000) {
  return new Promise((done, fail) => {
    let bytes = Buffer.alloc(0);
    const stop = (act, value) => {
      clearTimeout(timer);
      socket.off("readable", onReadable);
      socket.off("close", onClose);
      socket.off("error", onClose);
      act(value);
    };
    const onReadable = () => {
      let piece;
      while ((piece = socket.read(1)) !== null) {
        bytes = Buffer.concat([bytes, piece]);
        if (bytes.subarray(-4).toString() === "\r\n\r\n") {
          const text = bytes.toString("latin1");
          stop(done, { text, status: Number(text.split(" ")[1]) });
          return;
        }
      }
    };
    const onClose = () => stop(fail, new Closed(
      `closed after ${JSON.stringify(bytes.toString("latin1"))}`));
    const timer = setTimeout(() => stop(fail,
      new Error(`no head within ${limit} ms`)), limit);
    socket.on("readable", onReadable);
    socket.on("close", onClose);
    socket.on("error", onClose);
    onReadable();
  });
}

export const request = (method, path, host, { headers = {}, body = "" } = {}) => {
  const bytes = Buffer.from(body);
  const lines = Object.entries({ Host: host,
    ...(bytes.length || method === "POST"
      ? { "Content-Type": "application/json", "Content-Length": bytes.length }
      : {}), ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`), bytes]);
};
