import { ClientError, type ClientLog } from "@colloquy/client";

/** Why the server wants to know who is there. */
export interface Refusal {
  /** For people; undefined when they simply have not signed in yet. */
  readonly message?: string;
}

/** WebSocket close code of a connection that did not say who it is. */
const notAuthenticated = 4401;

/** The code of a connection that ended without a farewell, as one does whose client gave up. */
const gaveUp = 1006;

const sentences: Readonly<Record<string, string | undefined>> = {
  not_authenticated: undefined,
  token_invalid: "That token was not accepted.",
  token_expired: "Your sign-in has expired; please sign in again.",
};

/** What a refusal of that code means for the session; undefined when signing in would not help. */
export const refusalOf = (code: string): Refusal | undefined => {
  if (!Object.hasOwn(sentences, code)) return undefined;
  const message = sentences[code];
  return message === undefined ? {} : { message };
};

/** Whether something that a client logged means "sign in". With a token, so does a client that gives up by itself. */
export const refusalInLog = (log: ClientLog, withToken: boolean): Refusal | undefined => {
  if (log.event === "lost" && log.retryInMs === undefined) {
    if (log.code === notAuthenticated) return {};
    return withToken && log.code === gaveUp ? { message: log.reason } : undefined;
  }
  if (log.event === "refused") return refusalOf(log.code);
  return log.event === "token" && log.error instanceof ClientError ? refusalOf(log.error.code) : undefined;
};
