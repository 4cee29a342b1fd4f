import type { ClientTimes } from "./client.ts";
import type { WebSocketLike } from "./web-socket.ts";

export interface SilenceWatch {
  start(): void;
  /** Something came. */
  heard(): void;
  /** Asks for a sign of life now. */
  check(): void;
  stop(): void;
}

/**
 * Notices a peer that is gone without a word. After `silenceMs` in which nothing came, the peer is asked for a sign of
 * life: by a WebSocket ping where the socket can (in Node, with `ws`), else by `probe`. If nothing comes for `probeMs` more,
 * `silent` is called. One timer for a connection, whatever comes in.
 */
export const watchSilence = (
  socket: WebSocketLike,
  times: Pick<ClientTimes, "silenceMs" | "probeMs">,
  now: () => number,
  probe: () => boolean,
  silent: (ms: number) => void,
): SilenceWatch => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  let asked = false;

  const heard = (): void => {
    last = now();
    asked = false;
  };
  const ask = (): boolean => {
    if (socket.ping === undefined) return probe();
    socket.ping();
    return true;
  };
  const look = (): void => {
    const quiet = now() - last;
    if (asked) {
      silent(quiet);
    } else if (quiet < times.silenceMs) {
      timer = setTimeout(look, times.silenceMs - quiet);
    } else {
      check();
    }
  };
  const check = (): void => {
    if (asked) return;
    clearTimeout(timer);
    asked = ask();
    // Who cannot be asked is trusted.
    if (!asked) last = now();
    timer = setTimeout(look, asked ? times.probeMs : times.silenceMs);
  };

  return {
    start() {
      heard();
      socket.on?.("pong", heard);
      socket.on?.("ping", heard);
      timer = setTimeout(look, times.silenceMs);
    },
    heard,
    check,
    stop: () => clearTimeout(timer),
  };
};
