// load.mjs - a steady stream of requests over kept tunnels, counted.
//
// Open loop: requests are sent by the clock, whether or not earlier ones have
// been answered; one that finds no free tunnel waits, and that shows.

import net from "node:net";
import { Closed, request } from "./wire.mjs";

const HOST = "api.openai.com";

export class Load {
  sent = 0;
  answered = 0;
  finished = []; // paths whose replies were read whole
  failed = [];   // { path, why }
  refused = 0;   // TCP connections that nobody took
  lost = 0;      // tunnels that ended while a request was under way
  worst = 0;     // milliseconds from the clock's tick to the reply's end

  #free = [];
  #waiting = [];
  #underway = new Set();

  constructor(device, { rate = 100, tunnels = 16, prefix = "load" } = {}) {
    Object.assign(this, { device, rate, prefix, tunnels });
  }

  async #open() {
    for (let tries = 0; ; tries++) {
      try {
        return await this.device.tunnel(HOST);
      } catch (error) {
        if (error.code === "ECONNREFUSED") this.refused++;
        if (tries >= 20) throw error;
        await new Promise((done) => setTimeout(done, 10));
      }
    }
  }

  #take() {
    for (;;) {
      const tunnel = this.#free.pop();
      if (!tunnel) break;
      if (!tunnel.reader.ended) return Promise.resolve(tunnel);
      this.#open().then((made) => this.#give(made), () => {});
    }
    return new Promise((done) => this.#waiting.push(done));
  }

  #give(tunnel) {
    const next = this.#waiting.shift();
    if (next) next(tunnel);
    else this.#free.push(tunnel);
  }

  async #one(path) {
    const began = performance.now();
    let tunnel = await this.#take();
    let reply;
    try {
      tunnel.write(request("GET", path, HOST));
      reply = await tunnel.reader.reply({ limit: 15000 });
      this.worst = Math.max(this.worst, performance.now() - began);
      if (reply.status >= 500 || reply.status === 403) {
        this.failed.push({ path, why: `${reply.status} ${reply.text}` });
      } else {
        this.answered++;
        this.finished.push(path);
      }
      if (/close/i.test(reply.headers.connection ?? "")) {
        tunnel.destroy();
        tunnel = await this.#open();
      }
    } catch (error) {
      if (error instanceof Closed) this.lost++;
      this.failed.push({ path, why: error.message });
      tunnel.destroy();
      tunnel = await this.#open();
    }
    this.#give(tunnel);
  }

  async start() {
    const list = await Promise.all(Array.from({ length: this.tunnels },
      () => this.#open()));
    for (const tunnel of list) this.#give(tunnel);
    const began = performance.now();
    this.timer = setInterval(() => {
      const due = Math.floor((performance.now() - began) * this.rate / 1000);
      while (this.sent < due) {
        const path = `/v1/${this.prefix}-${this.sent++}`;
        const done = this.#one(path).catch((error) => {
          this.failed.push({ path, why: error.message });
        }).finally(() => this.#underway.delete(done));
        this.#underway.add(done);
      }
    }, 2);
    return this;
  }

  async stop() {
    clearInterval(this.timer);
    await Promise.all(this.#underway);
    for (const tunnel of this.#free) tunnel.destroy();
    return this;
  }
}

// Knocks on a port all the time; counts the knocks that were refused.
export function knock(port, every = 2) {
  const result = { knocks: 0, refused: 0 };
  const timer = setInterval(() => {
    result.knocks++;
    const socket = net.connect(port, "127.0.0.1");
    socket.once("connect", () => socket.destroy());
    socket.once("error", (error) => {
      if (error.code === "ECONNREFUSED") result.refused++;
    });
  }, every);
  result.stop = () => clearInterval(timer);
  return result;
}
