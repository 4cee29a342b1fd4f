import { wireLimits } from "@colloquy/protocol";
import { isPlainJson } from "@colloquy/protocol/rooms/parse";
import type { Principal } from "../../auth/principal.ts";
import { ColloquyError, toColloquyError } from "../../kernel/colloquy-error.ts";
import type { Connection } from "./connection.ts";
import type { SocketIoContext } from "./context.ts";
import { identifyAgain } from "./identify.ts";
import { eventFrame } from "./packet.ts";
import { refused } from "./refusal.ts";

/** A socket on the plain relay. */
export interface RelayMember {
  readonly connection: Connection;
  readonly rooms: Set<string>;
  principal: Principal;
}

/**
 * The namespace `/`: rooms without an assistant, where members hand messages to each other. Nothing is stored, and a member who
 * lies far behind is not told.
 */
export interface PlainRelay {
  enter(member: RelayMember): void;
  /** Never rejects. */
  receive(member: RelayMember, event: unknown, args: readonly unknown[]): Promise<void>;
  leave(member: RelayMember): void;
  /** The shared timer looks in: closes connections whose token has run out. */
  sweep(): void;
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
  if (!isPlainJson(message))
    throw new ColloquyError("bad_frame", {
      message: 'Field "message": holds bytes, or is nested too deeply.',
    });
  const relayed = frame("receive_message", { room, message });
  if (relayed.length > wireLimits.softFrameBytes) throw new ColloquyError("frame_too_large");
  return relayed;
};

const tokenIn = ({ token }: Fields): string => {
  if (typeof token === "string" && token !== "") return token;
  throw new ColloquyError("bad_frame", { message: 'Field "token": missing.' });
};

type RelayContext = Pick<SocketIoContext, "settings" | "publishes" | "authenticator" | "clock">;

export const createPlainRelay = (context: RelayContext): PlainRelay => {
  const { publishes, authenticator, clock } = context;
  const { roomsPerSocket } = context.settings;
  const members = new Set<RelayMember>();
  const rooms = new Map<string, Set<RelayMember>>();

  const leaveOne = (member: RelayMember, room: string): void => {
    member.rooms.delete(room);
    const members = rooms.get(room);
    members?.delete(member);
    if (members?.size === 0) rooms.delete(room);
  };

  const refresh = async (member: RelayMember, payload: Fields): Promise<void> => {
    member.principal = await identifyAgain(member.principal, tokenIn(payload), authenticator);
  };

  const carryOut = (member: RelayMember, event: unknown, payload: Fields): void | Promise<void> => {
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
        if (!publishes.take(member.principal.user)) throw new ColloquyError("rate_limited");
        const relayed = messageFrame(payload, room);
        for (const one of rooms.get(room) ?? []) if (one !== member) one.connection.offer(relayed);
        connection.answer(relayed);
        return;
      }
      case "refresh_token":
        return refresh(member, payload);
      default:
        throw new ColloquyError("unknown_action");
    }
  };

  const refuse = (member: RelayMember, thrown: unknown, acknowledge: Acknowledge): void => {
    const error = refused(toColloquyError(thrown));
    member.connection.answer(frame("room_error", error));
    acknowledge({ ok: false, ...error });
  };

  return {
    enter: (member) => void members.add(member),
    async receive(member, event, args) {
      const last = args.at(-1);
      const acknowledge: Acknowledge = isFunction(last) ? last : () => {};
      const [payload] = args;
      try {
        const work = carryOut(member, event, isFields(payload) ? payload : {});
        // Most of it is done at once, in the order in which it came.
        if (work) await work;
        acknowledge({ ok: true });
      } catch (thrown) {
        refuse(member, thrown, acknowledge);
      }
    },
    leave(member) {
      members.delete(member);
      for (const room of member.rooms) leaveOne(member, room);
    },
    sweep() {
      const now = clock.now();
      for (const { connection, principal } of members) {
        if ((principal.expiresAt ?? Infinity) > now) continue;
        connection.answer(frame("room_error", refused(new ColloquyError("token_expired"))));
        connection.close();
      }
    },
  };
};
