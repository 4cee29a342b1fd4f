import { wireLimits } from "@colloquy/protocol";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import type { Connection } from "./connection.ts";
import type { SocketIoSettings } from "./context.ts";
import { eventFrame } from "./packet.ts";
import { refused } from "./refusal.ts";

/** A socket on the plain relay. */
export interface RelayMember {
  readonly connection: Connection;
  readonly rooms: Set<string>;
}

/** The namespace `/`: rooms without an assistant, where members hand messages to each other. Nothing is stored. */
export interface PlainRelay {
  receive(member: RelayMember, event: unknown, args: readonly unknown[]): void;
  leave(member: RelayMember): void;
}

type Acknowledge = (answer: object) => void;
type Fields = Readonly<Record<string, unknown>>;

const frame = (name: string, payload: object): Buffer => eventFrame("/", name, [JSON.stringify(payload)]);

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isFunction = (value: unknown): value is Acknowledge => typeof value === "function";

const roomIn = (payload: Fields): string => {
  const { room } = payload;
  if (typeof room !== "string" || room === "" || room.length > wireLimits.channelName)
    throw new ColloquyError("bad_frame", { message: 'Field "room": must be text of 1 to 256 characters.' });
  return room.toWellFormed();
};

const messageFrame = (payload: Fields, room: string): Buffer => {
  const { message } = payload;
  if (message === undefined || message === null)
    throw new ColloquyError("bad_frame", { message: 'Field "message": missing.' });
  try {
    return frame("receive_message", { room, message });
  } catch (thrown) {
    throw new ColloquyError("bad_frame", { message: "That is nested too deeply.", cause: thrown });
  }
};

export const createPlainRelay = ({ roomsPerSocket }: SocketIoSettings): PlainRelay => {
  const rooms = new Map<string, Set<RelayMember>>();

  const leaveOne = (member: RelayMember, room: string): void => {
    member.rooms.delete(room);
    const members = rooms.get(room);
    members?.delete(member);
    if (members?.size === 0) rooms.delete(room);
  };

  const carryOut = (member: RelayMember, event: unknown, payload: Fields): void => {
    const { connection } = member;
    switch (event) {
      case "join_room": {
        const room = roomIn(payload);
        if (!member.rooms.has(room) && member.rooms.size >= roomsPerSocket)
          throw new ColloquyError("too_many_channels");
        member.rooms.add(room);
        rooms.set(room, (rooms.get(room) ?? new Set()).add(member));
        connection.answer(frame("room_joined", { room }));
        return;
      }
      case "leave_room": {
        const room = roomIn(payload);
        leaveOne(member, room);
        connection.answer(frame("room_left", { room }));
        return;
      }
      case "send_message": {
        const room = roomIn(payload);
        if (!member.rooms.has(room))
          throw new ColloquyError("not_allowed", { message: "Join the room first." });
        const relayed = messageFrame(payload, room);
        for (const one of rooms.get(room) ?? []) one.connection.answer(relayed);
        return;
      }
      default:
        throw new ColloquyError("unknown_action");
    }
  };

  return {
    receive(member, event, args) {
      const last = args.at(-1);
      const acknowledge: Acknowledge = isFunction(last) ? last : () => {};
      const [payload] = args;
      try {
        carryOut(member, event, isFields(payload) ? payload : {});
        acknowledge({ ok: true });
      } catch (thrown) {
        const error =
          thrown instanceof ColloquyError ? thrown : new ColloquyError("internal", { cause: thrown });
        member.connection.answer(frame("room_error", refused(error)));
        acknowledge({ ok: false, ...refused(error) });
      }
    },
    leave(member) {
      for (const room of member.rooms) leaveOne(member, room);
    },
  };
};
