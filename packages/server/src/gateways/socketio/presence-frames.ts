import type { RoomEvent } from "../../conversation/rooms.ts";
import { roomFrame } from "./rooms-voice.ts";

const names = { joined: "user_joined", left: "user_left", typing: "typing", removed: "user_left" } as const;

export const presenceFrame = (roomId: string, { kind, user }: RoomEvent): Buffer =>
  roomFrame(names[kind], { room_id: roomId, user_id: user });

/** Frames that tell who comes, goes and types: made once for all who hear the same event. */
export interface PresenceFrames {
  frame(roomId: string, event: RoomEvent): Buffer;
}

export const createPresenceFrames = (): PresenceFrames => {
  const frames = new WeakMap<RoomEvent, Buffer>();
  return {
    frame(roomId, event) {
      const known = frames.get(event) ?? presenceFrame(roomId, event);
      frames.set(event, known);
      return known;
    },
  };
};
