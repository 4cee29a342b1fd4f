import { type Client, createClient } from "@colloquy/client";
import { type Keep, tabKeep } from "../parts/storage.ts";
import { type Refusal, refusalInLog } from "./session-refusal.ts";
import { tokenUser } from "./token-user.ts";

/** Who is here, and the client that speaks for them. A new object whenever something of it changed. */
export interface SessionState {
  readonly client: Client;
  /** The name under which the server knows the prompts of this page. */
  readonly user: string;
  readonly signedIn: boolean;
  /** There when the server wants to know who is there. */
  readonly refusal?: Refusal;
}

export interface Session {
  readonly state: () => SessionState;
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
      onLog(log) {
        const refusal = refusalInLog(log);
        // The first refusal is the one that says something; a closed connection follows it.
        if (refusal && mine === round && !state.refusal) change({ ...state, refusal });
      },
    });
    const user = token === undefined ? anonymous : (tokenUser(token) ?? anonymous);
    return { client, user, signedIn: token !== undefined };
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
    signIn: begin,
    signOut: () => begin(undefined),
  };
};
