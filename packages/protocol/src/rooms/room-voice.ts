import type { EscapedText } from "../moment.ts";
import type { RoomFacts } from "./client-shapes.ts";

/** How somebody in a room is spoken to. */
export interface RoomVoice {
  readonly roomId: string;
  /** They joined with `cursor` or `history`, so they may be told what part 1 does not know. */
  readonly part2: boolean;
  /** What the room is just now; asked for where that changed. Without it nobody is told. */
  readonly facts?: () => RoomFacts & { readonly chat_id: string };
}

/** An event on its way out. */
export interface RoomEvent {
  /** With the room's id in it, where it has one. */
  readonly name: string;
  /** JSON text in pieces that are to be joined with nothing between. */
  readonly payload: EscapedText;
  /** It is for the sockets of this user only. */
  readonly to?: string;
  /** It is for owners of the room only, or for everybody but them. */
  readonly owners?: boolean;
}
