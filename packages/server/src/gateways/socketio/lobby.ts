import { parseCursor } from "@colloquy/protocol";
import type { RoomCommand } from "@colloquy/protocol/rooms";
import { splitCursor } from "../../conversation/full-cursor.ts";
import type { Room } from "../../conversation/rooms.ts";
import { ColloquyError, toColloquyError } from "../../kernel/colloquy-error.ts";
import { identifyAgain } from "./identify.ts";
import type { Acknowledge, RoomSocket } from "./room-socket.ts";
import { Seat } from "./seat.ts";

type Command<K extends RoomCommand["kind"]> = Extract<RoomCommand, { kind: K }>;
type Does<K extends RoomCommand["kind"]> = (
  socket: RoomSocket,
  command: Command<K>,
  acknowledge: Acknowledge,
) => Promise<void>;

const remember = (socket: RoomSocket, { roomId }: Room): void => {
  socket.lastRoom = roomId;
  socket.context.lastRooms.set(socket.principal.user, roomId);
};

export const find: Does<"find"> = async (socket, { chatId }, acknowledge) => {
  const room = await socket.context.conversations.rooms.find(socket.principal, chatId);
  if (room) remember(socket, room);
  const answer = { room_id: room?.roomId ?? null, chat_id: chatId };
  socket.tell(`${room ? "room_found" : "room_not_found"} ${chatId}`, answer);
  acknowledge({ ok: true, ...answer });
};

export const create: Does<"create"> = async (socket, { chatId, source, model }, acknowledge) => {
  const wish = { chatId, source, model };
  const room = await socket.context.conversations.rooms.create(socket.principal, wish);
  remember(socket, room);
  const answer = { room_id: room.roomId, chat_id: chatId, model_id: room.model };
  socket.tell(`room_created ${chatId}`, answer);
  acknowledge({ ok: true, ...answer });
};

const roomToJoin = ({ roomId }: Command<"join">, socket: RoomSocket): string => {
  const found = roomId ?? socket.lastRoom ?? socket.context.lastRooms.get(socket.principal.user);
  if (found !== undefined) return found;
  throw new ColloquyError("not_found", { message: "Find or create a room first, or name one." });
};

/** Takes a seat and has its reader placed, so that the answer can say where it begins. */
const takeSeat = async (socket: RoomSocket, room: Room, command: Command<"join">): Promise<Seat> => {
  const { context, connection, principal, seats } = socket;
  const before = seats.get(room.roomId);
  if (!before && seats.size >= context.settings.roomsPerSocket) throw new ColloquyError("too_many_channels");
  const { cursor, history } = command;
  const seat = new Seat({
    context,
    connection,
    principal,
    room,
    lost: socket.lost,
    ...(cursor !== undefined && { cursor }),
    ...(history !== undefined && { history }),
  });
  // Joined again it begins anew; the old place is given back last, so that nobody sees the user leave.
  seats.set(room.roomId, seat);
  before?.close();
  return seat;
};

/** What is older than all that a reader at this place is told; null when nothing is. */
const olderThan = (cursor: string): string | null => {
  const n = parseCursor(splitCursor(cursor).conversation)?.n ?? 0;
  return n > 0 ? String(n + 1) : null;
};

export const join: Does<"join"> = async (socket, command, acknowledge) => {
  const { context, principal } = socket;
  const { conversations } = context;
  const room = await conversations.rooms.open(principal, roomToJoin(command, socket));
  await conversations.enter(principal, room.conversation);
  if (socket.gone) return;
  const seat = await takeSeat(socket, room, command);
  try {
    const { cursor, recovered } = await seat.reader.placed;
    const { roomId } = room;
    const more = {
      ...seat.facts,
      cursor,
      recovered,
      before: olderThan(cursor),
      present: seat.present,
      user_id: principal.user,
      role: seat.role,
    };
    const part2 = (command.cursor ?? command.history) !== undefined;
    socket.tell(`room_joined ${roomId}`, { room_id: roomId, ...(part2 && more) });
    acknowledge({ ok: true, room_id: roomId, ...more });
  } catch (thrown) {
    seat.close();
    if (socket.seats.get(room.roomId) === seat) socket.seats.delete(room.roomId);
    throw thrown;
  }
  if (!seat.closed) seat.start();
};

export const leave: Does<"leave"> = async (socket, { roomId }, acknowledge) => {
  socket.seats.get(roomId)?.close();
  socket.seats.delete(roomId);
  socket.tell("room_left", { room_id: roomId });
  acknowledge({ ok: true, room_id: roomId });
};

export const invite: Does<"invite"> = async (socket, { roomId, user, role }, acknowledge) => {
  await socket.context.conversations.rooms.invite(socket.principal, roomId, user, role);
  acknowledge({ ok: true, room_id: roomId, user_id: user, role: role ?? null });
};

/** Looks again at where this socket is: a fresh token may let it in to less than the one before. */
const reviewSeats = async (socket: RoomSocket): Promise<void> => {
  const { rooms } = socket.context.conversations;
  for (const seat of socket.seats.values()) {
    try {
      await rooms.open(socket.principal, seat.room.roomId);
    } catch (thrown) {
      socket.lost(seat, toColloquyError(thrown));
    }
  }
};

export const refresh: Does<"refresh"> = async (socket, { token }, acknowledge) => {
  socket.principal = await identifyAgain(socket.principal, token, socket.context.authenticator);
  const { user, expiresAt } = socket.principal;
  await reviewSeats(socket);
  acknowledge({
    ok: true,
    user_id: user,
    expires_at: expiresAt === undefined ? null : expiresAt / 1000,
  });
};
