import type { IncomingMessage } from "node:http";
import { type Code, codes } from "@colloquy/protocol";
import { channelVoice, escapeText, renderChannelMoment } from "@colloquy/protocol/channels";
import { type WebSocket, WebSocketServer } from "ws";
import { type HubChannel, type HubReader, createHubChannel } from "./hub-channel.ts";

type Fields = Readonly<Record<string, unknown>>;

export interface HubOptions {
  /** How much of the wire it speaks; both parts unless given. */
  readonly part?: 1 | 2;
  /** Tokens that it takes; with any, nothing is served before `authenticate`. */
  readonly tokens?: readonly string[];
  /** `expires_at` of an authenticated answer. */
  readonly expiresAt?: () => number;
  /** What happens in the conversation after a prompt was accepted. */
  readonly answer?: (channel: HubChannel, prompt: { readonly id: string; readonly text: string }) => void;
}

/** A small hub for tests of clients: everything happens when the test says so, within the call. */
export interface Hub {
  readonly url: string;
  /** Frames that came in, in order. */
  readonly frames: readonly Fields[];
  readonly connections: number;
  /** Connections that there ever were. */
  readonly accepted: number;
  /** Refuse new connections at the handshake while false. */
  admit: boolean;
  /** Read nothing and answer nothing while true, as a peer does whose cable is cut. */
  frozen: boolean;
  /** The next command or subscription of that action is refused once with the code. */
  readonly refusals: Map<string, Code>;
  readonly tokens: Set<string>;
  channel(name: string): HubChannel;
  /** To every subscriber, as it is. */
  publish(channel: string, payload: unknown): void;
  /** Raw text to every connection. */
  raw(text: string): void;
  /** Cuts every socket. */
  cut(): void;
  /** Closes every socket with a farewell. */
  farewell(code: number, reason?: string): void;
  close(): Promise<void>;
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const text = (value: unknown): string => (typeof value === "string" ? value : "");

export const startHub = async (options: HubOptions = {}): Promise<Hub> => {
  const part = options.part ?? 2;
  const frames: Fields[] = [];
  const channels = new Map<string, HubChannel>();
  const plain = new Map<string, Set<WebSocket>>();
  const readers = new Map<WebSocket, Map<string, HubReader>>();
  const refusals = new Map<string, Code>();
  const tokens = new Set(options.tokens);
  const guarded = tokens.size > 0;
  const trusted = new WeakSet<WebSocket>();
  let accepted = 0;

  const channel = (name: string): HubChannel => {
    const there = channels.get(name) ?? createHubChannel(Date.now);
    channels.set(name, there);
    return there;
  };

  const relay = (name: string, payload: unknown): void => {
    for (const socket of plain.get(name) ?? []) {
      const cursor = readers.get(socket)?.get(name);
      const beside = cursor === undefined ? {} : { cursor: channel(name).cursorOf(cursor) };
      socket.send(JSON.stringify({ channel: name, payload, ...beside }));
    }
  };

  const leave = (socket: WebSocket, name: string): void => {
    plain.get(name)?.delete(socket);
    const reader = readers.get(socket)?.get(name);
    if (reader) channels.get(name)?.readers.delete(reader);
    readers.get(socket)?.delete(name);
  };

  const subscribe = (socket: WebSocket, payload: Fields): void => {
    const name = text(payload["channel"]);
    leave(socket, name);
    plain.set(name, (plain.get(name) ?? new Set()).add(socket));
    if (part === 1) return;
    const voice = channelVoice({
      channel: name,
      part2: payload["id"] !== undefined,
      mode: payload["mode"] === "delta" ? "delta" : "snapshot",
      old: false,
    });
    const reader: HubReader = {
      n: 0,
      seen: new Map(),
      say: (moment, cursor) =>
        renderChannelMoment(moment, voice, cursor, Date.now()).forEach((f) => socket.send(f.join(""))),
    };
    const there = channel(name);
    const { cursor, id } = payload;
    const recovered = there.place(reader, cursor === undefined ? undefined : text(cursor));
    const answer = { action: "subscribed", channel: name, cursor: there.cursorOf(reader), recovered, id };
    if (id !== undefined) socket.send(JSON.stringify({ channel: "subscription", payload: answer }));
    readers.get(socket)?.set(name, reader);
    there.readers.add(reader);
    there.tell(reader, !recovered);
  };

  const command = (socket: WebSocket, name: string, payload: Fields): void => {
    const { id } = payload;
    const answer = (more: Fields): void =>
      socket.send(JSON.stringify({ channel: name, payload: { ...more, ...(id !== undefined && { id }) } }));
    if (payload["action"] === "conversations") {
      const list = [...channels].map(([key, { entries }]) => ({ key, entries: entries.length }));
      answer({
        action: "conversations",
        conversations: list.map(({ key, entries }) => ({
          id: key,
          title: key,
          updatedAt: 0,
          entries,
        })),
      });
      return;
    }
    const there = channel(name);
    switch (payload["action"]) {
      case "prompt": {
        const prompt = { id: text(payload["message_id"]), text: text(payload["message"]) };
        const known = there.entries.some((entry) => entry.kind === "prompt" && entry.id === prompt.id);
        there.prompt({ ...prompt, author: "me" });
        if (id !== undefined)
          answer({ action: "accepted", message_id: prompt.id, cursor: "c", repeated: known });
        if (!known) options.answer?.(there, prompt);
        break;
      }
      case "cancel":
        there.end(text(payload["message_id"]), "cancelled", "cancelled");
        answer({ action: "done" });
        break;
      case "history": {
        const before = typeof payload["before"] === "number" ? payload["before"] : Infinity;
        const older = there.entries.filter((entry) => entry.n < before);
        const page = older.slice(-Number(payload["limit"] ?? 50));
        answer({ action: "history", entries: page, more: page.length < older.length });
        break;
      }
      default:
        relay(name, payload);
    }
  };

  const authenticate = (socket: WebSocket, payload: Fields): void => {
    const good = tokens.has(text(payload["token"]));
    if (good) trusted.add(socket);
    const said = good
      ? { action: "authenticated", user: "me", ...(options.expiresAt && { expires_at: options.expiresAt() }) }
      : { type: "error", status: "error", message: codes.token_invalid.says, code: "token_invalid" };
    socket.send(JSON.stringify({ channel: "connection", payload: { ...said, id: payload["id"] } }));
    if (!good) socket.close(4401, "token_invalid");
  };

  const take = (socket: WebSocket, frame: Fields): void => {
    const name = text(frame["channel"]);
    const payload = isFields(frame["payload"]) ? frame["payload"] : undefined;
    const action = text(payload?.["action"]);
    if (part === 2 && action === "authenticate" && payload) return authenticate(socket, payload);
    const code = guarded && !trusted.has(socket) ? "not_authenticated" : refusals.get(action);
    if (part === 2 && code !== undefined) {
      refusals.delete(action);
      const { says } = codes[code];
      const error = {
        type: "error",
        status: "error",
        message: says,
        code,
        error_details: `${code}: `,
        id: payload?.["id"],
      };
      return socket.send(`{"channel":"${escapeText(name)}","payload":${JSON.stringify(error)}}`);
    }
    if (name === "subscription" && payload) {
      if (action === "subscribe") return subscribe(socket, payload);
      leave(socket, text(payload["channel"]));
      const { id } = payload;
      if (part === 1 || id === undefined) return undefined;
      const left = { action: "unsubscribed", channel: payload["channel"], id };
      return socket.send(JSON.stringify({ channel: "subscription", payload: left }));
    }
    if (part === 1) {
      for (const other of plain.get(name) ?? []) other.send(JSON.stringify(frame));
      return undefined;
    }
    if (payload && action === "") return relay(name, payload);
    return command(socket, name, payload ?? { action: "prompt", ...frame });
  };

  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    autoPong: false,
    verifyClient: (_info: { req: IncomingMessage }) => hub.admit,
  });
  server.on("connection", (socket) => {
    accepted += 1;
    readers.set(socket, new Map());
    socket.on("ping", () => !hub.frozen && socket.pong());
    socket.on("error", () => undefined);
    socket.on("message", (data: Buffer) => {
      if (hub.frozen) return;
      const frame: Fields = JSON.parse(data.toString("utf8"));
      frames.push(frame);
      take(socket, frame);
    });
    socket.on("close", () => {
      for (const name of plain.keys()) leave(socket, name);
      readers.delete(socket);
    });
  });
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;

  const hub: Hub = {
    url: `ws://127.0.0.1:${port}/ws`,
    frames,
    get connections() {
      return server.clients.size;
    },
    get accepted() {
      return accepted;
    },
    admit: true,
    frozen: false,
    refusals,
    tokens,
    channel,
    publish: relay,
    raw: (raw) => server.clients.forEach((socket) => socket.send(raw)),
    cut: () => server.clients.forEach((socket) => socket.terminate()),
    farewell: (code, reason) => server.clients.forEach((socket) => socket.close(code, reason)),
    close: () =>
      new Promise((resolve) => {
        for (const socket of server.clients) socket.terminate();
        server.close(() => resolve());
      }),
  };
  return hub;
};
