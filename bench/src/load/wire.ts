/** What a frame of a server says, in the words of no wire. */
export type Said =
  | { readonly kind: "nothing" }
  /** The connection may be used. */
  | { readonly kind: "ready" }
  /** Something must be sent back for the connection to go on. */
  | { readonly kind: "reply"; readonly frame: string }
  | { readonly kind: "subscribed"; readonly recovered: boolean; readonly cursor: string }
  | { readonly kind: "accepted"; readonly id: string }
  /** New text of an answer; without an offset it follows what came before. `whole` means it is all of the text. */
  | {
      readonly kind: "text";
      readonly text: string;
      readonly offset?: number;
      readonly whole?: boolean;
      readonly cursor?: string;
    }
  /** The end of an answer; `text` is all of it, if the wire repeats it. */
  | { readonly kind: "end"; readonly text?: string }
  | { readonly kind: "relay"; readonly stamp: string }
  | { readonly kind: "fault"; readonly why: string };

export interface SubscribeWish {
  readonly channel: string;
  /** Delta mode and an acknowledgement; without it, as the oldest clients do. */
  readonly delta: boolean;
  readonly cursor?: string;
}

/** One wire as a load client speaks it. */
export interface Wire {
  readonly path: string;
  /** The connection is ready as soon as it is open. */
  readonly readyAtOpen: boolean;
  /** It says `subscribed`, and nothing may be asked before. */
  readonly confirms: boolean;
  /** Undefined where there is nothing to subscribe to: answers come to whoever asks. */
  subscribe(wish: SubscribeWish): string | undefined;
  prompt(channel: string, id: string, text: string): string;
  /** Relays a JSON value to everyone in a channel. */
  publish(channel: string, json: string): string;
  read(frame: string): Said;
}

export const nothing: Said = { kind: "nothing" };
