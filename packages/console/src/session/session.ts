import { type Client, createClient } from "@colloquy/client";
import { type Keep, tabKeep } from "../parts/storage.ts";
import { type Refusal, refusalInLog, refusalOf } from "./session-refusal.ts";
import { tokenUser } from "./token-user.ts";

/** Who is here, and the client that speaks for them. A new object whenever something of it changed. */
export interface SessionState {
  readonly client: Client;
  /** The name under which the server knows the prompts of this page; undefined when the token does not say. */
  readonly user: string | undefined;
  readonly signedIn: boolean;
  /** There when the server wants to know who is there. */
  readonly refusal?: Refusal;
}

export interface Session {
  readonly state: () => SessionState;
  /** The server refused something with that code; some codes mean "sign in". */
  readonly refused: (code: string) => void;
  readonly subscribe: (listener: () => void) => () => void;
  /** Begins anew with this token, which is kept until the tab is closed. */
  readonly signIn: (token: string) => void;
  readonly signOut: () => void;
}

/** The name that servers give to people who need not sign in. */
const anonymous = "anonymous";

/** A session over the socket at `url`; takes up the token of this tab, if it has one. */
export const createSession = (url: string, keep: Keep = tabKeep): Session => {
  const listeners = new Set<() => void>();
  let round = 0;

  const open = (token: string | undefined): SessionState => {
    round += 1;
    const mine = round;
    const client = createClient({
      url,
      ...(token === undefined ? {} : { token }),
      onLog: (log) => mine === round && refuse(refusalInLog(log, token !== undefined)),
    });
    const user = token === undefined ? anonymous : tokenUser(token);
    return { client, user, signedIn: token !== undefined };
  };

  const refuse = (refusal: Refusal | undefined): void => {
    // The first one says most: that the connection was closed comes after the reason.
    if (!refusal || state.refusal) return;
    keep.set("token", undefined);
    change({ ...state, refusal });
  };

  const change = (next: SessionState): void => {
    state = next;
    for (const listener of listeners) listener();
  };

  const begin = (token: string | undefined): void => {
    keep.set("token", token);
    void state.client.close();
    change(open(token));
  };

  let state = open(keep.get("token"));
  return {
    state: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    refused: (code) => refuse(refusalOf(code)),
    signIn: begin,
    signOut: () => begin(undefined),
  };
};
