import { type Code, closeCodes, codes, isCode } from "@colloquy/protocol";
import { type BackoffPolicy, backoff } from "../backoff.ts";
import type { ClientLog, ClientTimes, ConnectionState } from "../client.ts";
import { ClientError } from "../client-error.ts";
import { type Fields, isFields } from "../read-payload.ts";
import type { watchFrames } from "../watch-frames.ts";
import type { SocketLike } from "./rooms-client.ts";

export interface RoomConnectionOptions {
  /** A socket that is not connected yet and does not reconnect by itself. */
  readonly socket: SocketLike;
  readonly policy: BackoffPolicy;
  readonly times: ClientTimes;
  readonly random: () => number;
  readonly now: () => number;
  readonly log: (event: ClientLog) => void;
  readonly frames: ReturnType<typeof watchFrames>;
  /** What is needed before a try (a token); a ClientError means that trying again would be in vain. */
  readonly prepare: () => Promise<void>;
  readonly up: () => void;
  readonly down: () => void;
  readonly event: (name: string, payload: unknown) => void;
  /** Whether coming back after this refusal makes sense although the code says no. */
  readonly mayReturn: (code: Code) => boolean;
  readonly changed: (state: ConnectionState) => void;
}

/** One Socket.IO connection at a time, and the waits between them. */
export interface RoomConnection {
  state(): ConnectionState;
  start(): void;
  /** Sends at once, or not at all while there is no connection. */
  emit(event: string, payload: unknown, answered: (ack: Fields) => void): void;
  /** Drops the connection and comes back after the usual wait. */
  cycle(reason: string): void;
  /** Drops the connection for good. */
  giveUp(reason: string, code?: Code): void;
  retryNow(): void;
  close(): void;
}

/** What a refused connection's error says, as far as it can be read: codes of the server, or nothing for a network's. */
const codeOf = (error: unknown): Code | undefined => {
  const data: unknown = isFields(error) || error instanceof Error ? Reflect.get(error, "data") : undefined;
  const code = isFields(data) ? data["code"] : undefined;
  return typeof code === "string" && isCode(code) ? code : undefined;
};

/** A refusal in the words of WebSocket closes, for logs that know no others. */
const closeCode = (code: Code | undefined): number => {
  if (code === undefined) return 1006;
  const signIn = code === "not_authenticated" || code === "token_invalid" || code === "token_expired";
  return signIn ? closeCodes.notAuthenticated : closeCodes.notAllowed;
};

export const createRoomConnection = (options: RoomConnectionOptions): RoomConnection => {
  const { socket, policy, times, now, log } = options;
  let state: ConnectionState = { phase: "idle", attempt: 0 };
  let attempt = 0;
  let openedAt: number | undefined;
  let over = false;
  /** Rises with each try, so that what an earlier one still says is not heard. */
  let round = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const set = (next: ConnectionState): void => {
    state = next;
    options.changed(next);
  };

  /** Lets go of the present try. */
  const drop = (): void => {
    round += 1;
    clearTimeout(timer);
    const wasUp = openedAt !== undefined;
    openedAt = undefined;
    if (socket.connected || state.phase === "connecting") socket.disconnect();
    if (wasUp) options.down();
  };

  const giveUp = (reason: string, code?: Code): void => {
    drop();
    log({ event: "lost", code: closeCode(code), reason });
    set({ phase: "closed", attempt, reason, ...(code !== undefined && { code }) });
  };

  const lost = (reason: string, code?: Code): void => {
    const lasted = openedAt !== undefined && now() - openedAt >= (policy.stableMs ?? 10_000);
    drop();
    if (over) return;
    attempt = lasted ? 1 : attempt + 1;
    const ms = backoff(policy, attempt, options.random);
    log({ event: "lost", code: 1006, reason, retryInMs: ms });
    timer = setTimeout(connect, ms);
    set({ phase: "waiting", attempt, retryAt: now() + ms, reason, ...(code !== undefined && { code }) });
  };

  const refused = (error: unknown): void => {
    const code = codeOf(error);
    if (code === undefined) return lost(codes.unreachable.says);
    const sentence = error instanceof Error && error.message !== "" ? error.message : codes[code].says;
    const comesBack = codes[code].reconnect || codes[code].retry || options.mayReturn(code);
    return comesBack ? lost(sentence, code) : giveUp(sentence, code);
  };

  const open = async (mine: number): Promise<void> => {
    try {
      await options.prepare();
    } catch (error) {
      if (mine !== round) return;
      const reason = error instanceof Error ? error.message : String(error);
      if (error instanceof ClientError) giveUp(reason, error.code);
      else lost(reason);
      return;
    }
    if (mine !== round) return;
    timer = setTimeout(() => lost("The server did not answer in time."), times.openMs);
    socket.connect();
  };

  const connect = (): void => {
    round += 1;
    clearTimeout(timer);
    log({ event: "connecting", attempt });
    set({ phase: "connecting", attempt });
    void open(round);
  };

  socket.on("connect", () => {
    if (over || state.phase !== "connecting") return;
    clearTimeout(timer);
    openedAt = now();
    log({ event: "open" });
    set({ phase: "open", attempt: 0 });
    options.up();
  });
  socket.on("connect_error", (error: unknown) => {
    if (!over && state.phase === "connecting") refused(error);
  });
  // Also after a disconnect by the server itself, after which socket.io-client would never come back.
  socket.on("disconnect", () => {
    if (!over && openedAt !== undefined) lost("The connection was lost.");
  });
  socket.onAny((name, payload) => {
    if (openedAt === undefined) return;
    options.frames.in([name, payload]);
    options.event(name, payload);
  });

  return {
    state: () => state,
    start() {
      if (state.phase === "idle" && !over) connect();
    },
    emit(event, payload, answered) {
      if (!socket.connected) return;
      const mine = round;
      options.frames.out([event, payload]);
      socket.emit(event, payload, (ack: unknown) => {
        if (mine !== round || !isFields(ack)) return;
        options.frames.in([`ack of ${event}`, ack]);
        answered(ack);
      });
    },
    cycle: (reason) => lost(reason),
    giveUp,
    retryNow() {
      if (over || state.phase === "connecting" || state.phase === "open") return;
      attempt = 0;
      connect();
    },
    close() {
      if (over) return;
      over = true;
      drop();
      set({ phase: "closed", attempt: 0, reason: "Closed." });
    },
  };
};
