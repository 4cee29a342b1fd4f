import type { ClientLog, ClientOptions, ClientTimes } from "./client.ts";
import { ClientError } from "./client-error.ts";
import { type Fields, readRefusal } from "./read-payload.ts";

export interface TokenKeeperOptions {
  readonly token: ClientOptions["token"];
  readonly times: ClientTimes;
  readonly now: () => number;
  readonly id: () => string;
  readonly send: (frame: Fields) => void;
  readonly log: (event: ClientLog) => void;
  /** The hub has taken the token. */
  readonly accepted: () => void;
  /** The hub has not; `fresh` says that asking for another one makes sense. */
  readonly refused: (reason: string, fresh: boolean) => void;
}

/** Shows the hub who one is, and does so again before that expires. */
export interface TokenKeeper {
  /** Gets a token, before a connection is opened. */
  prepare(): Promise<void>;
  /** Sends it; false when there is none to send. */
  introduce(): boolean;
  /** Takes the hub's word on it; false when the payload is about something else. */
  settle(payload: Fields): boolean;
  /** Whether a new token can be had. */
  readonly renewable: boolean;
  /** The present one. */
  token(): string | undefined;
  /** The hub has refused the present one before it could be shown in band. */
  spurned(): void;
  /** Gets a new one and shows it on the live connection. */
  renew(): void;
  /** The connection is gone. */
  down(): void;
}

/** Timers of JavaScript count in 31 bits. */
const longestTimer = 2 ** 31 - 1;

/** `expires_at` of the wire as milliseconds; seconds are understood too. */
const inMs = (at: number): number => (at < 1e11 ? at * 1000 : at);

export const createTokenKeeper = (options: TokenKeeperOptions): TokenKeeper => {
  const { token: source, times, now, log } = options;
  const renewable = typeof source === "function";
  let token: string | undefined;
  let refused: string | undefined;
  let question: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Rises with each lost connection: what was begun before it is not finished after it. */
  let epoch = 0;

  const obtain = async (): Promise<void> => {
    if (source === undefined) return;
    try {
      token = typeof source === "function" ? await source() : source;
    } catch (error) {
      log({ event: "token", error });
      throw error;
    }
    if (token === refused) throw new ClientError("token_invalid");
  };

  const introduce = (): boolean => {
    if (token === undefined) return false;
    question = options.id();
    options.send({ channel: "connection", payload: { action: "authenticate", token, id: question } });
    return true;
  };

  const renewal = async (): Promise<void> => {
    const mine = epoch;
    clearTimeout(timer);
    try {
      await obtain();
      if (mine === epoch) introduce();
    } catch {
      // The present token may still hold for a while; when it does not, the hub says so.
      if (mine === epoch) timer = setTimeout(renew, times.renewMs);
    }
  };
  const renew = (): void => void renewal();

  const schedule = (expiresAt: unknown): void => {
    clearTimeout(timer);
    if (!renewable || typeof expiresAt !== "number") return;
    const wait = inMs(expiresAt) - now() - times.renewMs;
    const again = wait > longestTimer ? () => schedule(expiresAt) : renew;
    timer = setTimeout(again, Math.min(longestTimer, Math.max(1000, wait)));
  };

  return {
    renewable,
    prepare: obtain,
    introduce,
    settle(payload) {
      if (question === undefined || payload["id"] !== question) return false;
      question = undefined;
      const refusal = readRefusal(payload);
      if (refusal === undefined) {
        refused = undefined;
        schedule(payload["expires_at"]);
        options.accepted();
      } else {
        refused = token;
        options.refused(refusal.error.message, renewable);
      }
      return true;
    },
    token: () => token,
    spurned() {
      refused = token;
    },
    renew,
    down() {
      epoch += 1;
      question = undefined;
      clearTimeout(timer);
    },
  };
};
