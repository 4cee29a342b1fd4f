import { closeCodes, comesBack } from "@colloquy/protocol";
import { type BackoffPolicy, backoff } from "./backoff.ts";
import type { ClientLog, ClientTimes, ConnectionState } from "./client.ts";
import { ClientError } from "./client-error.ts";
import { closeSentence, reconnectInMs } from "./close-reason.ts";
import { type SilenceWatch, watchSilence } from "./watch-silence.ts";
import type { WebSocketConstructor, WebSocketLike } from "./web-socket.ts";

export interface ConnectionOptions {
  readonly url: string;
  readonly WebSocket: WebSocketConstructor;
  readonly policy: BackoffPolicy;
  readonly times: ClientTimes;
  readonly random: () => number;
  readonly now: () => number;
  readonly log: (event: ClientLog) => void;
  /**
   * What is needed before a socket is opened (a token). A rejection counts as a lost connection; one with a ClientError
   * means that trying again would be in vain.
   */
  readonly prepare: () => Promise<void>;
  /** A socket is open: time to introduce oneself, then to call {@link Connection.ready}. */
  readonly up: () => void;
  readonly down: () => void;
  readonly message: (data: string) => void;
  /** Asks the hub for any answer at all; false when it would give none. */
  readonly probe: () => boolean;
  /** Whether coming back after this close code makes sense although the code says no. */
  readonly mayReturn: (code: number) => boolean;
  readonly changed: (state: ConnectionState) => void;
}

/** One socket at a time, and the waits between them. */
export interface Connection {
  state(): ConnectionState;
  /** Connects if nothing has been tried yet. */
  start(): void;
  /** The introduction is done. */
  ready(): void;
  /** Sends at once; false when there is no connection. */
  send(frame: object): boolean;
  /** Bytes that were handed to the socket and have not left yet. */
  unsent(): number;
  /** Drops the socket and comes back after the usual wait. */
  cycle(reason: string): void;
  /** Drops the socket for good. */
  giveUp(reason: string): void;
  retryNow(): void;
  close(): Promise<void>;
}

const goodbye = 1000;
const lost = 1006;

export const createConnection = (options: ConnectionOptions): Connection => {
  const { policy, times, now, log } = options;
  let state: ConnectionState = { phase: "idle", attempt: 0 };
  let attempt = 0;
  let openedAt: number | undefined;
  let over = false;
  /** The try that counts; whatever an earlier one still says is not heard. */
  let current: { socket?: WebSocketLike; watch?: SilenceWatch; stop(): void } | undefined;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  const set = (next: ConnectionState): void => {
    state = next;
    options.changed(next);
  };

  /** Lets go of the present try, if there is one. */
  const drop = (): WebSocketLike | undefined => {
    const socket = current?.socket;
    current?.stop();
    const wasUp = current !== undefined;
    current = undefined;
    clearTimeout(waiting);
    if (wasUp) options.down();
    return socket;
  };

  const discard = (socket: WebSocketLike | undefined): void => {
    if (socket?.terminate) socket.terminate();
    else socket?.close();
  };

  const wait = (ms: number, reason: string): void => {
    waiting = setTimeout(connect, ms);
    set({ phase: "waiting", attempt, retryAt: now() + ms, reason });
  };

  const ended = (code: number, reason: string, sentence = closeSentence(code, reason)): void => {
    const lasted = openedAt !== undefined && now() - openedAt >= (policy.stableMs ?? 10_000);
    openedAt = undefined;
    if (over) return;
    if (!comesBack(code) && !options.mayReturn(code)) {
      log({ event: "lost", code, reason });
      set({ phase: "closed", attempt, reason: sentence });
      return;
    }
    attempt = lasted ? 1 : attempt + 1;
    if (code === closeCodes.slowDown) attempt += 3;
    const ms = reconnectInMs(reason) ?? backoff(policy, attempt, options.random);
    log({ event: "lost", code, reason, retryInMs: ms });
    wait(ms, sentence);
  };

  const fail = (reason: string): void => {
    discard(drop());
    ended(lost, "", reason);
  };

  const giveUp = (reason: string): void => {
    discard(drop());
    log({ event: "lost", code: lost, reason });
    openedAt = undefined;
    set({ phase: "closed", attempt, reason });
  };

  const listen = (mine: NonNullable<typeof current>, socket: WebSocketLike): void => {
    mine.socket = socket;
    const watch = watchSilence(socket, times, now, options.probe, (ms) => {
      log({ event: "silent", ms });
      fail("The server has gone silent.");
    });
    const opening = setTimeout(() => fail("The server did not answer in time."), times.openMs);
    mine.watch = watch;
    mine.stop = () => {
      clearTimeout(opening);
      watch.stop();
    };
    socket.onopen = () => {
      if (current !== mine) return;
      clearTimeout(opening);
      watch.start();
      options.up();
    };
    socket.onmessage = (event: { readonly data: unknown }) => {
      if (current !== mine) return;
      watch.heard();
      if (typeof event.data === "string") options.message(event.data);
    };
    socket.onclose = (event: { readonly code: number; readonly reason: string }) => {
      if (current !== mine) return;
      drop();
      ended(event.code, event.reason);
    };
    // A close event follows every error; but a socket without a listener for errors may end the process.
    socket.onerror = () => undefined;
  };

  const open = async (mine: NonNullable<typeof current>): Promise<void> => {
    try {
      await options.prepare();
    } catch (error) {
      if (current !== mine) return;
      if (error instanceof ClientError) giveUp(error.message);
      else fail(error instanceof Error ? error.message : String(error));
      return;
    }
    if (current !== mine) return;
    try {
      listen(mine, new options.WebSocket(options.url));
    } catch (error) {
      // The address itself is wrong; no wait would help.
      giveUp(error instanceof Error ? error.message : String(error));
    }
  };

  const connect = (): void => {
    const mine: NonNullable<typeof current> = { stop: () => undefined };
    current = mine;
    log({ event: "connecting", attempt });
    set({ phase: "connecting", attempt });
    void open(mine);
  };

  return {
    state: () => state,
    start() {
      if (state.phase === "idle" && !over) connect();
    },
    ready() {
      if (state.phase !== "connecting") return;
      openedAt = now();
      log({ event: "open" });
      set({ phase: "open", attempt: 0 });
    },
    send(frame) {
      if (current?.socket?.readyState !== 1) return false;
      current.socket.send(JSON.stringify(frame));
      return true;
    },
    unsent: () => current?.socket?.bufferedAmount ?? 0,
    cycle: fail,
    giveUp,
    retryNow() {
      if (over || state.phase === "connecting") return;
      if (state.phase === "open") {
        current?.watch?.check();
        return;
      }
      clearTimeout(waiting);
      attempt = 0;
      connect();
    },
    async close() {
      if (over) return;
      over = true;
      const socket = drop();
      set({ phase: "closed", attempt: 0, reason: "Closed." });
      if (socket === undefined || socket.readyState > 1) return;
      await new Promise<void>((resolve) => {
        const late = setTimeout(() => {
          discard(socket);
          resolve();
        }, times.probeMs);
        socket.onclose = () => {
          clearTimeout(late);
          resolve();
        };
        socket.close(goodbye);
      });
    },
  };
};
