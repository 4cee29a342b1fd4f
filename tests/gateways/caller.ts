import { once } from "node:events";
import { WebSocket, type ClientOptions } from "ws";

/** A frame of the server, as a test looks at it. */
export interface Heard {
  readonly channel?: string;
  readonly type?: string;
  readonly cursor?: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/** A client that says exactly what the test says, and keeps everything that it hears. */
export interface Caller {
  readonly socket: WebSocket;
  readonly heard: readonly Heard[];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** An object goes out as JSON, a text as it is. */
  say(frame: object | string): void;
  subscribe(channel: string, options?: object): void;
  /** The next frame that was not taken yet, or the next that fits; those before it are passed over. */
  next(fits?: (frame: Heard) => boolean): Promise<Heard>;
  /** Resolves when the server has taken everything that was said before. */
  settled(): Promise<void>;
  hangUp(): void;
}

const isHeard = (value: unknown): value is Heard => typeof value === "object" && value !== null;

export const withStatus =
  (status: string) =>
  (frame: Heard): boolean =>
    frame.payload?.["status"] === status;

export const call = async (url: string, options: ClientOptions = {}): Promise<Caller> => {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  const heard: Heard[] = [];
  let taken = 0;
  let arrived = Promise.withResolvers<void>();
  socket.on("message", (data: Buffer) => {
    const frame: unknown = JSON.parse(data.toString());
    if (isHeard(frame)) heard.push(frame);
    arrived.resolve();
    arrived = Promise.withResolvers();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(socket, "open");
  socket.on("error", () => {});

  const say = (frame: object | string): void =>
    socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  const next: Caller["next"] = async (fits = () => true) => {
    for (;;) {
      while (taken < heard.length) {
        const frame = heard[taken];
        taken += 1;
        if (frame && fits(frame)) return frame;
      }
      await arrived.promise;
    }
  };
  let asked = 0;
  return {
    socket,
    heard,
    closed,
    say,
    subscribe: (channel, more = {}) =>
      say({ channel: "subscription", payload: { action: "subscribe", channel, ...more } }),
    next,
    async settled() {
      asked += 1;
      const id = `settled ${asked}`;
      say({ channel: "subscription", payload: { action: "unsubscribe", channel: id, id } });
      while (!heard.some((frame) => frame.payload?.["id"] === id)) await arrived.promise;
    },
    hangUp: () => socket.terminate(),
  };
};
