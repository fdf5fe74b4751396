// A host that keeps to the protocol, in this process: every message from the extension and every answer is held against the
// schema. Tests change single answers, start processes that fail, and let them crash.

import { createHash } from "node:crypto";
import { FakeEvent } from "./event.js";
import { faultsOfError, faultsOfMessage, faultsOfNotification, faultsOfResult } from "./protocol.js";

/** An error that a host answers. */
export class HostError extends Error {
  constructor(kind, message = `words of ${kind}`, data = {}) {
    super(message);
    this.data = { kind, ...data };
  }
}

/** An answer that never comes. */
export const SILENCE = Symbol("silence");

/** Delivery as a host reports it. */
export function delivery(changes = {}) {
  return {
    row: 1,
    subject: "Invoice",
    message_id: "one@example.org",
    status: "created",
    uuid: "5f6e7d8c-0000-4000-8000-000000000001",
    event_id: "12",
    url: "https://misp.example.org/events/view/12",
    attributes: 3,
    objects: 1,
    skipped: [],
    skipped_total: 0,
    notes: [],
    error: null,
    ...changes,
  };
}

/** Something that the host says in no words but these. */
export const verbatim = (text) => ({ code: "verbatim", arguments: { text }, text });

/** Status as a host reports it. */
export function status(changes = {}) {
  return {
    host: "0.1.0",
    config: { file: "/home/ada/.config/mispigeon/config.toml", exists: true, error: null, repair: null },
    destination: { target: "misp", url: "https://misp.example.org" },
    key_set: true,
    profiles: [],
    defaults: { mode: "auto", tlp: "tlp:amber", distribution: 0 },
    outbox: { pending: 0, failed: 0 },
    notes: [],
    ...changes,
  };
}

class Process {
  /** Every request and notification that came. */
  messages = [];
  /** Messages that were handed over: handle to what is known of them. */
  held = new Map();
  /** The port is closed, by either side. */
  ended = false;
  /** The program has ended; Thunderbird reports it a little later. */
  dead = false;
  #count = 0;

  constructor(host, number) {
    this.host = host;
    this.number = number;
    const process = this;
    this.port = {
      error: null,
      onMessage: new FakeEvent(),
      onDisconnect: new FakeEvent(),
      postMessage(message) {
        if (process.ended) throw new Error("Attempt to postMessage on disconnected port");
        process.#take(JSON.parse(JSON.stringify(message)));
      },
      disconnect() {
        process.ended = true;
      },
    };
  }

  /** Requests of a method that came. */
  calls(method) {
    return this.messages.filter((message) => message.method === method);
  }

  /** Ends with Thunderbird's message, if there is one. */
  crash(words) {
    this.dead = true;
    setImmediate(() => {
      if (this.ended) return;
      this.ended = true;
      this.port.error = words ? { message: words } : null;
      this.port.onDisconnect.fire(this.port);
    });
  }

  /** Writes a message that need not be one of the protocol. */
  write(message) {
    setImmediate(() => {
      if (!this.ended && !this.dead) this.port.onMessage.fire(message);
    });
  }

  notify(method, params) {
    this.host.faults.push(...faultsOfNotification(method, params));
    this.write({ jsonrpc: "2.0", method, params });
  }

  /** Answers with an error; `id` null concerns the connection. */
  refuse(id, { message, data }) {
    const error = { code: -32000, message, data };
    this.host.faults.push(...faultsOfError(error));
    this.write({ jsonrpc: "2.0", id, error });
  }

  #take(message) {
    if (this.dead) return;
    this.host.faults.push(...faultsOfMessage(message));
    this.messages.push(message);
    if (message.id !== undefined) this.#answer(message);
  }

  async #answer({ id, method, params }) {
    try {
      const own = this.host.answers[method];
      const progress = (stage, done, total) => this.notify("progress", { id, stage, done, total });
      const result = own ? await own(params, { process: this, id, progress }) : this.usual(method, params);
      if (result === SILENCE) return;
      this.host.faults.push(...faultsOfResult(method, result));
      this.write({ jsonrpc: "2.0", id, result });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.refuse(id, error);
    }
  }

  /** What a host answers when the test says nothing else. */
  usual(method, params) {
    switch (method) {
      case "hello":
        return { host: "0.1.0", protocol: 1, limits: { message: 104857600, chunk: 786432, messages: 16 } };
      case "message.begin":
        return this.#begin(params);
      case "message.chunk":
        return this.#chunk(params);
      case "message.end":
        return { identity: createHash("sha256").update(this.#heldAs(params.message).bytes).digest("hex") };
      case "message.discard":
        this.#heldAs(params.message);
        this.held.delete(params.message);
        return {};
      case "join":
        return this.#join(params);
      case "send":
        this.#heldAs(params.message);
        this.held.delete(params.message);
        return { deliveries: [delivery()] };
      case "status":
        return status();
      case "settings.read":
        return { file: null, exists: false, profile: null, profiles: [], fields: {}, page: { server: [], event: [], mail: [], own: [], hosts: [], lists: [] } };
      case "outbox.list":
        return { rows: [], next: null, backlog: { pending: 0, failed: 0 } };
      default:
        throw new HostError("unknown_method");
    }
  }

  #begin({ size }) {
    // The same names in every process, as a host may well give.
    const message = `m${++this.#count}`;
    this.held.set(message, { size, bytes: Buffer.alloc(0), unanswered: 0 });
    return { message };
  }

  #chunk({ message, offset, data }) {
    const held = this.#heldAs(message);
    if (held.bytes.length !== offset) throw new HostError("out_of_order");
    held.bytes = Buffer.concat([held.bytes, Buffer.from(data, "base64")]);
    return { received: held.bytes.length };
  }

  /** What was joined has the bytes of all mails, one after the other. */
  #join({ into = null, message }) {
    const { bytes } = this.#heldAs(message);
    this.held.delete(message);
    const all = into === null ? { bytes: Buffer.alloc(0), mails: 0 } : this.#heldAs(into);
    const name = into ?? `m${++this.#count}`;
    this.held.set(name, { bytes: Buffer.concat([all.bytes, bytes]), mails: all.mails + 1 });
    return { message: name, mails: all.mails + 1 };
  }

  #heldAs(message) {
    const held = this.held.get(message);
    if (!held) throw new HostError("unknown_message");
    return held;
  }
}

export class FakeHost {
  /** Everything that did not keep to the protocol, from either side. */
  faults = [];
  /** @type {Process[]} */
  processes = [];
  /** Method to `(params, {process, id, progress}) => result`, instead of the usual answer. */
  answers = {};
  /** Thunderbird's words when the program cannot be started. */
  unavailable = null;

  /** Notes from now on the subjects of the mails that are sent, in order. */
  noteSent() {
    const subjects = [];
    this.answers.send = ({ message }, { process }) => {
      subjects.push(/Subject: (.*)/u.exec(process.held.get(message).bytes)[1]);
      return process.usual("send", { message });
    };
    return subjects;
  }

  connect() {
    const process = new Process(this, this.processes.length);
    this.processes.push(process);
    if (this.unavailable) process.crash(this.unavailable);
    return process.port;
  }

  /** The process that runs, or ran last. */
  get process() {
    return this.processes.at(-1);
  }

  /** Requests of a method, over all processes. */
  calls(method) {
    return this.processes.flatMap((process) => process.calls(method));
  }
}
