import type { Entry } from "@colloquy/protocol";
import { WebSocket } from "ws";

/** What one frame told a reader. `session` counts its connections: within one, order is as on the wire. */
export type Sighting = { readonly session: number } & (
  | { readonly kind: "subscribed"; readonly recovered: boolean; readonly resumed: boolean }
  | { readonly kind: "entry"; readonly entry: Entry }
  | { readonly kind: "status"; readonly status: string; readonly id: string }
  | {
      readonly kind: "text";
      readonly id: string;
      readonly offset: number;
      readonly delta: string;
      readonly reset: boolean;
    }
  | {
      readonly kind: "end";
      readonly id: string;
      readonly status: string;
      readonly text: string | undefined;
      readonly code: string | undefined;
    }
);

/** A reader on a plain socket that keeps all that it is told, and comes back with its last cursor whenever it is cut. */
export class Witness {
  readonly seen: Sighting[] = [];
  readonly accepted = new Set<string>();
  /** Prompts that it asked again: it alone is told their state once more. */
  readonly retold = new Set<string>();
  readonly name: string;
  readonly #url: () => string;
  readonly #channel: string;
  #cursor = "";
  #session = 0;
  #socket: WebSocket | undefined;
  #closed = false;
  /** Prompts that were not answered yet: sent again on each new connection. */
  readonly #unanswered = new Map<string, string>();

  constructor(name: string, url: () => string, channel: string) {
    this.name = name;
    this.#url = url;
    this.#channel = channel;
  }

  connect(): void {
    if (this.#closed) return;
    this.#session += 1;
    const socket = new WebSocket(this.#url());
    this.#socket = socket;
    const session = this.#session;
    socket.on("open", () => {
      const cursor = this.#cursor === "" ? {} : { cursor: this.#cursor };
      this.#send({
        channel: "subscription",
        payload: { action: "subscribe", channel: this.#channel, id: "s", mode: "delta", ...cursor },
      });
      for (const [id, text] of this.#unanswered) this.#ask(id, text);
    });
    socket.on("message", (data: Buffer) => this.#hear(session, data.toString()));
    socket.on("error", () => {});
    socket.on("close", () => {
      if (!this.#closed) setTimeout(() => this.connect(), 20);
    });
  }

  prompt(id: string, text: string): void {
    this.#unanswered.set(id, text);
    this.#ask(id, text);
  }

  cancel(id: string): void {
    this.#send({ channel: this.#channel, payload: { action: "cancel", message_id: id, id: `c${id}` } });
  }

  cut(): void {
    this.#socket?.terminate();
  }

  /** Forgets where it was, as a page that is opened anew. */
  forget(): void {
    this.#cursor = "";
    this.#session += 1;
    this.seen.length = 0;
    this.cut();
  }

  close(): void {
    this.#closed = true;
    this.cut();
  }

  get settled(): boolean {
    return this.#unanswered.size === 0;
  }

  /** Its cursor stands at entry `n` or behind it. */
  reached(n: number): boolean {
    return Number(this.#cursor.split(".")[2] ?? 0) >= n;
  }

  #ask(id: string, text: string): void {
    this.#send({
      channel: this.#channel,
      payload: { action: "prompt", message: text, message_id: id, id: `p${id}` },
    });
  }

  #send(frame: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  #hear(session: number, text: string): void {
    if (session !== this.#session) return;
    // The hub's own frames: parsed without a schema, since the checker looks at each of them anyway.
    const { channel, payload } = JSON.parse(text);
    const id = String(payload.message_id ?? "");
    if (typeof payload.cursor === "string" && payload.action !== "accepted") this.#cursor = payload.cursor;
    if (payload.action === "subscribed") {
      this.seen.push({
        session,
        kind: "subscribed",
        recovered: payload.recovered,
        resumed: this.seen.length > 0,
      });
    } else if (payload.action === "accepted") {
      this.accepted.add(id);
      if (payload.repeated) this.retold.add(id);
      this.#unanswered.delete(id);
    } else if (payload.type === "error" && payload.id?.startsWith("p")) {
      const text = this.#unanswered.get(id);
      // What may be asked again later is, here or on the next connection.
      if (!payload.retry) this.#unanswered.delete(id);
      else if (text !== undefined) setTimeout(() => this.#unanswered.has(id) && this.#ask(id, text), 50);
    } else if (channel !== this.#channel || payload.action !== undefined || payload.id !== undefined) {
      return;
    } else if (payload.type === "entry") {
      this.seen.push({ session, kind: "entry", entry: payload.entry });
    } else if (payload.status === "in_progress") {
      this.seen.push({
        session,
        kind: "text",
        id,
        offset: payload.offset,
        delta: payload.delta,
        reset: payload.reset === true,
      });
    } else if (
      payload.type === "timeout" ||
      ["started", "responding", "processing"].includes(payload.status)
    ) {
      this.seen.push({ session, kind: "status", status: payload.status, id });
    } else {
      const whole =
        typeof payload.message === "string" && payload.status !== "error" ? payload.message : undefined;
      this.seen.push({ session, kind: "end", id, status: payload.status, text: whole, code: payload.code });
    }
  }
}
