import { type Client, createClient, type WireFrame } from "@colloquy/client";
import { createRoomsClient, type RoomsClient } from "@colloquy/client/rooms";
import { type Keep, tabKeep } from "../parts/storage.ts";
import { type Offer, readOffer } from "../rooms/offer.ts";
import { type ChannelGrants, channelGrants } from "./channel-grants.ts";
import { type Refusal, refusalInLog, refusalOf } from "./session-refusal.ts";
import { tokenUser } from "./token-user.ts";

/** The wires that the page speaks. */
export type Wire = "channels" | "rooms";

/** Who is here, and the clients that speak for them. A new object whenever something of it changed. */
export interface SessionState {
  readonly client: Client;
  /** Connects when first a room is opened. */
  readonly rooms: RoomsClient;
  /** What there is to choose from for rooms. Rejects when the server does not say. */
  readonly offer: () => Promise<Offer>;
  /** The name under which the server knows the prompts of this page; undefined when the token does not say. */
  readonly user: string | undefined;
  /** What one may do on channels; undefined where anything may be granted. */
  readonly grants: ChannelGrants | undefined;
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

export interface SessionPlaces {
  /** The socket of channels. */
  readonly socket: string;
  /** Where the server's other doors are: the page's own address without its last part. */
  readonly base: string;
}

interface SessionOptions {
  readonly keep?: Keep;
  /** Told of everything that comes and goes. */
  readonly onFrame?: (wire: Wire, frame: WireFrame) => void;
}

/** The name that servers give to people who need not sign in. */
const anonymous = "anonymous";

const loadOffer = async (base: string, token: string | undefined): Promise<Offer> => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const answer = await fetch(new URL("v1/models", base), { headers });
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return readOffer(await answer.json());
};

/** A session with the server at those places; takes up the token of this tab, if it has one. */
export const createSession = (
  { socket, base }: SessionPlaces,
  { keep = tabKeep, onFrame }: SessionOptions = {},
): Session => {
  const listeners = new Set<() => void>();
  let round = 0;

  const open = (token: string | undefined): SessionState => {
    round += 1;
    const mine = round;
    const options = (wire: Wire) => ({
      ...(token === undefined ? {} : { token }),
      onLog: (log: Parameters<typeof refusalInLog>[0]) =>
        mine === round && refuse(refusalInLog(log, token !== undefined)),
      ...(onFrame && { onFrame: (frame: WireFrame) => onFrame(wire, frame) }),
    });
    return {
      client: createClient({ url: socket, ...options("channels") }),
      rooms: createRoomsClient({ url: base, ...options("rooms") }),
      offer: () => loadOffer(base, token),
      user: token === undefined ? anonymous : tokenUser(token),
      grants: token === undefined ? undefined : channelGrants(token),
      signedIn: token !== undefined,
    };
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
    void state.rooms.close();
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
