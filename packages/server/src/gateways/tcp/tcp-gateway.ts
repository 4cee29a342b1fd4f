import { createServer, type AddressInfo, type Socket } from "node:net";
import type { Principal } from "../../auth/principal.ts";
import type { Conversations } from "../../conversation/conversations.ts";
import { systemClock, type Clock } from "../../kernel/clock.ts";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import { createDrops } from "../../kernel/drops.ts";
import { systemIds, type Ids } from "../../kernel/ids.ts";
import { silentLogger, type Logger } from "../../kernel/logger.ts";
import type { Meter } from "../../kernel/meter.ts";
import { addChunk, dueIncoming, newIncoming, ripeness, type Incoming } from "./incoming.ts";
import { createPromptFeeder } from "./prompt-feeder.ts";
import { readPrompt } from "./read-prompt.ts";
import { defaultTcpLimits, type TcpLimits } from "./tcp-limits.ts";

export interface TcpGatewayOptions {
  readonly conversations: Pick<Conversations, "prompt">;
  /** Who is prompting: the port does not ask. */
  readonly principal: Principal;
  /** Where the prompts go, e.g. `seq:main`. */
  readonly conversation: string;
  /** 0: any port that is free. */
  readonly port: number;
  /** 127.0.0.1 when not given. */
  readonly host?: string;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly logger?: Logger;
  readonly meter?: Meter;
  readonly limits?: Partial<TcpLimits>;
}

const none = {
  /** Prompts that began like a request of a browser. */
  http: 0,
  notUtf8: 0,
  tooLarge: 0,
  /** Connections that sent nothing. */
  idle: 0,
  /** Connections that broke in the middle of a prompt. */
  broken: 0,
  /** There were too many of them, or too much in all. */
  tooMany: 0,
  /** The conversation did not take them. */
  refused: 0,
};

/** Takes prompts from breakouts: raw text, one prompt a connection. Nothing is ever sent back. */
export interface TcpGateway {
  /** The port that it listens on, once it does. */
  readonly port: number;
  /** What was not taken since the start, and why. */
  readonly dropped: Readonly<Record<keyof typeof none, number>>;
  /** @throws ColloquyError `not_available` when the port cannot be had; the rest of the server can do without */
  start(): Promise<void>;
  /** Gives up what has not been stored. May be called twice. */
  close(): Promise<void>;
}

/** All connections are looked at together so often, milliseconds. */
const tickMs = 50;
const backlog = 4_096;

export const createTcpGateway = (options: TcpGatewayOptions): TcpGateway => {
  const { clock = systemClock, ids = systemIds, logger = silentLogger, meter } = options;
  const limits = { ...defaultTcpLimits, ...options.limits };
  const drops = createDrops("breakouts", none, clock, logger);
  /** In the order of accept. */
  const incoming = new Set<Incoming>();
  let heldBytes = 0;
  let releasing = false;
  let stopTicking: (() => void) | undefined;

  const drop = (reason: keyof typeof none): void => {
    drops.count(reason);
    if (meter) meter.refusals += 1;
  };

  const feeder = createPromptFeeder({
    ...options,
    clock,
    ids,
    logger,
    limits,
    done(bytes, accepted) {
      heldBytes -= bytes;
      if (!accepted) drop("refused");
    },
  });

  const forget = (one: Incoming, reason?: keyof typeof none): void => {
    if (!incoming.delete(one)) return;
    if (reason) drop(reason);
    heldBytes -= one.bytes;
    one.socket.destroy();
  };

  const giveOn = (one: Incoming): void => {
    const read = readPrompt(Buffer.concat(one.chunks));
    const { bytes } = one;
    forget(one, read.kind === "refused" ? read.why : undefined);
    if (read.kind !== "prompt") return;
    heldBytes += bytes;
    if (feeder.add(read.text, bytes)) return;
    heldBytes -= bytes;
    drop("tooMany");
  };

  const release = (): void => {
    releasing = false;
    for (const one of dueIncoming(incoming, clock.monotonic(), limits.holdMs)) giveOn(one);
  };

  const finish = (one: Incoming): void => {
    one.whole = true;
    one.socket.destroy();
    if (releasing) return;
    releasing = true;
    // First bytes of earlier connections may be waiting to be read: they keep their place.
    setImmediate(release);
  };

  const take = (one: Incoming, chunk: Buffer): void => {
    if (one.whole || !incoming.has(one)) return;
    one.lastAt = clock.monotonic();
    one.firstAt ??= one.lastAt;
    addChunk(one, chunk);
    heldBytes += chunk.byteLength;
    if (one.bytes > limits.promptBytes) forget(one, "tooLarge");
    else if (heldBytes > limits.heldBytes) forget(one, "tooMany");
  };

  const makeRoom = (): boolean => {
    if (incoming.size < limits.connections) return true;
    for (const one of incoming) {
      if (one.firstAt !== undefined) continue;
      forget(one, "tooMany");
      return true;
    }
    return false;
  };

  const accept = (socket: Socket): void => {
    socket.on("error", () => socket.destroy());
    if (!makeRoom()) {
      drop("tooMany");
      socket.destroy();
      return;
    }
    const one = newIncoming(socket, clock.monotonic());
    incoming.add(one);
    socket.on("data", (chunk) => take(one, typeof chunk === "string" ? Buffer.from(chunk) : chunk));
    socket.on("end", () => (one.firstAt === undefined ? forget(one) : finish(one)));
    socket.on("close", () => {
      if (!one.whole) forget(one, one.firstAt === undefined ? undefined : "broken");
    });
  };

  const look = (): void => {
    const now = clock.monotonic();
    for (const one of incoming) {
      const ripe = ripeness(one, now, limits);
      if (ripe === "whole") finish(one);
      else if (ripe === "idle") forget(one, "idle");
    }
    release();
  };

  const server = createServer(accept);

  return {
    get port() {
      return portOf(server.address()) ?? options.port;
    },
    dropped: drops.counts,
    async start() {
      const { port, host = "127.0.0.1" } = options;
      await new Promise<void>((resolve, reject) => {
        server.once("error", (error) => reject(refusal(port, error)));
        server.listen({ port, host, backlog }, resolve);
      });
      server.removeAllListeners("error");
      server.on("error", (error) => logger.error({ err: error }, "breakouts: the socket failed"));
      // After what is already here has been read, for a busy loop is no silence of theirs.
      stopTicking ??= clock.every(tickMs, () => void setImmediate(look));
    },
    async close() {
      stopTicking?.();
      stopTicking = undefined;
      for (const one of incoming) forget(one, one.firstAt === undefined ? undefined : "broken");
      if (server.listening) await new Promise((resolve) => server.close(resolve));
      await feeder.close();
      drops.close();
    },
  };
};

const portOf = (address: AddressInfo | string | null): number | undefined =>
  typeof address === "object" ? address?.port : undefined;

const refusal = (port: number, error: NodeJS.ErrnoException): ColloquyError => {
  const why =
    error.code === "EADDRINUSE" ? "is taken by another program" : `cannot be opened (${error.message})`;
  return new ColloquyError("not_available", { message: `TCP port ${port} ${why}.`, cause: error });
};
