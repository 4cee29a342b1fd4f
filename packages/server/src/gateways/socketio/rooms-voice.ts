import type { Moment } from "@colloquy/protocol";
import { renderRoomMoment, roomsNamespace, type RoomEvent, type RoomVoice } from "@colloquy/protocol/rooms";
import type { Voice } from "../../conversation/conversations.ts";
import { eventFrame } from "./packet.ts";

/** Frames that are for some sockets only, though they were made for all readers of a range. */
export type Addressees = WeakMap<Buffer, Pick<RoomEvent, "to" | "owners">>;

export const roomFrame = (name: string, payload: object): Buffer =>
  eventFrame(roomsNamespace, name, [JSON.stringify(payload)]);

export const frameOf = ({ name, payload }: RoomEvent): Buffer => eventFrame(roomsNamespace, name, payload);

/** This wire has no event for what other wires relay. */
const nothing = Buffer.alloc(0);

/** The rooms wire as a voice: moments of a conversation become packets of Socket.IO in WebSocket frames. */
export const createRoomsVoice = (
  manner: RoomVoice,
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
      const { to, owners } = event;
      if (to !== undefined || owners !== undefined) addressees.set(frame, event);
      return frame;
    }),
  relay: () => nothing,
});
