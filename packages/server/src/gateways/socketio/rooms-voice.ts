import type { Moment } from "@colloquy/protocol";
import { renderRoomMoment, roomsNamespace, type RoomEvent } from "@colloquy/protocol/rooms";
import type { Voice } from "../../conversation/conversations.ts";
import { eventFrame } from "./packet.ts";

/** Frames that are for the sockets of one user only, though they were made for all readers of a range. */
export type Addressees = WeakMap<Buffer, string>;

export interface Manner {
  readonly roomId: string;
  /** It joined with `cursor` or `history`, so it may be told what part 1 does not know. */
  readonly part2: boolean;
}

export const roomFrame = (name: string, payload: object): Buffer =>
  eventFrame(roomsNamespace, name, [JSON.stringify(payload)]);

export const frameOf = ({ name, payload }: RoomEvent): Buffer => eventFrame(roomsNamespace, name, payload);

/** This wire has no event for what other wires relay. */
const nothing = Buffer.alloc(0);

/** The rooms wire as a voice: moments of a conversation become packets of Socket.IO in WebSocket frames. */
export const createRoomsVoice = (
  manner: Manner,
  addressees: Addressees,
  hides: (moment: Moment) => boolean,
): Voice => ({
  key: `${manner.part2 ? 2 : 1} ${manner.roomId}`,
  snapshots: false,
  plainRelay: true,
  hides,
  render: (moment, cursor, before) =>
    renderRoomMoment(moment, manner, cursor, before).map((event) => {
      const frame = frameOf(event);
      if (event.to !== undefined) addressees.set(frame, event.to);
      return frame;
    }),
  relay: () => nothing,
});
