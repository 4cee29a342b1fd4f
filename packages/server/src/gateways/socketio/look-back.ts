import { type PromptEntry, wireLimits } from "@colloquy/protocol";
import { pastMessage, turnOf, type PastMessage, type RoomCommand } from "@colloquy/protocol/rooms";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import type { Acknowledge, RoomSocket } from "./room-socket.ts";

type Command<K extends RoomCommand["kind"]> = Extract<RoomCommand, { kind: K }>;
type Does<K extends RoomCommand["kind"]> = (
  socket: RoomSocket,
  command: Command<K>,
  acknowledge: Acknowledge,
) => Promise<void>;

/** The conversation of a room, which the principal may read. */
export const conversationOf = async (socket: RoomSocket, roomId: string): Promise<string> => {
  const { conversations } = socket.context;
  const { conversation } =
    socket.seats.get(roomId)?.room ?? (await conversations.rooms.open(socket.principal, roomId));
  await conversations.enter(socket.principal, conversation);
  return conversation;
};

/** The prompt of a turn; undefined when that entry is none. */
export const promptAt = async (
  { context, principal }: RoomSocket,
  conversation: string,
  turn: number,
): Promise<PromptEntry | undefined> => {
  const page = { before: turn + 1, limit: 1 };
  const { entries } = await context.conversations.history(principal, conversation, page);
  const [entry] = entries;
  return entry?.kind === "prompt" && entry.n === turn ? entry : undefined;
};

/** A page of what was said, as much as fits one frame. */
export const history: Does<"history"> = async (socket, { roomId, before, limit }, acknowledge) => {
  const { context, connection, principal } = socket;
  const conversation = await conversationOf(socket, roomId);
  const page = { ...(before !== undefined && { before }), ...(limit !== undefined && { limit }) };
  const { entries } = await context.conversations.history(principal, conversation, page);
  const messages: PastMessage[] = [];
  let oldest = 1;
  let bytes = 0;
  for (const entry of entries.toReversed()) {
    const message = pastMessage(roomId, entry);
    const size = message ? Buffer.byteLength(JSON.stringify(message)) : 0;
    if (bytes > 0 && bytes + size > wireLimits.softFrameBytes) break;
    if (message) messages.unshift(message);
    bytes += size;
    oldest = entry.n;
  }
  acknowledge({ ok: true, messages, before: oldest > 1 ? String(oldest) : null });
  connection.sent(bytes);
};

/** A file that came with a message: what others are told of that has its name and size only. */
export const file: Does<"file"> = async (socket, { roomId, messageId, index }, acknowledge) => {
  const conversation = await conversationOf(socket, roomId);
  const turn = turnOf(roomId, messageId);
  const prompt = turn === undefined ? undefined : await promptAt(socket, conversation, turn);
  const found = prompt?.files?.[index];
  if (!found) throw new ColloquyError("not_found", { message: "There is no such file." });
  const { name, type, data } = found;
  // What came over another door may be larger than a frame of this one.
  if (data.length > wireLimits.hardFrameBytes) throw new ColloquyError("frame_too_large");
  acknowledge({ ok: true, name, type, content: data });
  socket.connection.sent(data.length);
};
