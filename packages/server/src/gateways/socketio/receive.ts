import type { RoomCommand } from "@colloquy/protocol/rooms";
import { parseRoomEvent } from "@colloquy/protocol/rooms/parse";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import * as inRoom from "./in-room.ts";
import * as lookBack from "./look-back.ts";
import * as lobby from "./lobby.ts";
import { readUp } from "./read-up.ts";
import type { Acknowledge, RoomSocket } from "./room-socket.ts";

/** Events of one socket that may be under way at once. */
const maxUnderWay = 256;

/** These are done one after the other: a join finds the room that was just created, and messages keep their order. */
const ordered: ReadonlySet<RoomCommand["kind"]> = new Set<RoomCommand["kind"]>([
  "find",
  "create",
  "join",
  "leave",
  "say",
  "refresh",
]);

/** Answers to these may be large: one goes out at a time, when the one before has been read (P5). */
const large: ReadonlySet<RoomCommand["kind"]> = new Set<RoomCommand["kind"]>(["history", "file"]);

const isFunction = (value: unknown): value is (...args: readonly unknown[]) => void =>
  typeof value === "function";

const noAcknowledgement: Acknowledge = () => {};

/** The payload and the acknowledgement callback, which comes last, among what came with an event. */
const readArguments = (args: readonly unknown[]): { payload: unknown; acknowledge: Acknowledge } => {
  const last = args.at(-1);
  const acknowledge: Acknowledge = isFunction(last) ? last : noAcknowledgement;
  const [payload] = args;
  return { payload: isFunction(payload) ? undefined : payload, acknowledge };
};

const carryOut = (socket: RoomSocket, command: RoomCommand, acknowledge: Acknowledge): Promise<void> => {
  switch (command.kind) {
    case "find":
      return lobby.find(socket, command, acknowledge);
    case "create":
      return lobby.create(socket, command, acknowledge);
    case "join":
      return lobby.join(socket, command, acknowledge);
    case "leave":
      return lobby.leave(socket, command, acknowledge);
    case "invite":
      return lobby.invite(socket, command, acknowledge);
    case "refresh":
      return lobby.refresh(socket, command, acknowledge);
    case "say":
      return inRoom.say(socket, command, acknowledge);
    case "stop":
      return inRoom.stop(socket, command, acknowledge);
    case "configure":
      return inRoom.configure(socket, command, acknowledge);
    case "decide":
      return inRoom.decide(socket, command, acknowledge);
    case "settle":
      return inRoom.settle(socket, command, acknowledge);
    case "cancel":
      return inRoom.cancel(socket, command, acknowledge);
    case "history":
      return lookBack.history(socket, command, acknowledge);
    case "file":
      return lookBack.file(socket, command, acknowledge);
    case "typing":
      return inRoom.typing(socket, command, acknowledge);
  }
};

/**
 * Takes one event of a socket. Each waits for those before it that keep their order; whatever goes wrong is told to the one
 * who asked, and to nobody else.
 */
export const receive = (socket: RoomSocket, event: unknown, args: readonly unknown[]): void => {
  const { payload, acknowledge } = readArguments(args);
  const parsed = parseRoomEvent(event, payload);
  const refuse = (thrown: unknown): void => socket.refuse(thrown, acknowledge, parsed.refusedUnder);
  if (!parsed.ok) {
    const { code, message } = parsed;
    refuse(new ColloquyError(code, { message }));
    return;
  }
  if (socket.underWay >= maxUnderWay) {
    refuse(new ColloquyError("rate_limited"));
    return;
  }
  const { command } = parsed;
  const isLarge = large.has(command.kind);
  const run = async (): Promise<void> => {
    if (isLarge) await readUp(socket.connection);
    if (!socket.gone) await carryOut(socket, command, acknowledge);
  };
  const before = isLarge && socket.large ? Promise.all([socket.tail, socket.large]) : socket.tail;
  socket.underWay += 1;
  const work = (before ? before.then(run) : run()).catch(refuse).finally(() => {
    socket.underWay -= 1;
    if (socket.tail === work) socket.tail = undefined;
    if (socket.large === work) socket.large = undefined;
  });
  if (ordered.has(command.kind)) socket.tail = work;
  if (isLarge) socket.large = work;
};
