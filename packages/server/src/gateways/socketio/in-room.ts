import { fileEvents, promptIdOf, answerIdOf, turnOf, type RoomCommand } from "@colloquy/protocol/rooms";
import type { Moment } from "@colloquy/protocol";
import type { RoomMessage, RoomSettings } from "../../conversation/rooms.ts";
import type { Voice } from "../../conversation/conversations.ts";
import { ColloquyError, toColloquyError } from "../../kernel/colloquy-error.ts";
import { conversationOf, promptAt } from "./look-back.ts";
import { createRoomsVoice, frameOf } from "./rooms-voice.ts";
import type { Acknowledge, RoomSocket } from "./room-socket.ts";

type Command<K extends RoomCommand["kind"]> = Extract<RoomCommand, { kind: K }>;
type Does<K extends RoomCommand["kind"]> = (
  socket: RoomSocket,
  command: Command<K>,
  acknowledge: Acknowledge,
) => Promise<void>;

/** Of a turn whose text they are just reading, a seated socket is told nothing twice. */
const onlyEnds = (voice: Voice): Voice => ({
  ...voice,
  render: (moment: Moment, ...places) => (moment.kind === "ended" ? voice.render(moment, ...places) : []),
});

/** What became of a message that was sent again, for its sender alone. */
const retell = async (socket: RoomSocket, roomId: string, turn: number): Promise<void> => {
  const { conversations, addressees } = socket.context;
  const seat = socket.seats.get(roomId);
  const conversation = await conversationOf(socket, roomId);
  const voice = seat
    ? onlyEnds(seat.voice)
    : createRoomsVoice({ roomId, part2: false }, addressees, () => false);
  const frames = await conversations.retell(socket.principal, conversation, turn, voice, seat?.reader.cursor);
  for (const frame of frames) socket.connection.answer(frame);
};

export const say: Does<"say"> = async (socket, { roomId, id, message }, acknowledge) => {
  const { context, principal } = socket;
  const { user } = principal;
  if (!context.prompts.take(user)) throw new ColloquyError("rate_limited");
  const { unique, ...said } = message;
  const promptId = unique ? promptIdOf(user, id) : undefined;
  const asked: RoomMessage = { ...said, ...(promptId !== undefined && { promptId }) };
  const seat = socket.seats.get(roomId);
  if (promptId !== undefined) seat?.owns(promptId);
  try {
    const accepted = await context.conversations.rooms.say(principal, roomId, asked);
    socket.tell(`message_sent ${id}`, { success: true });
    if (message.files && !accepted.repeated)
      for (const event of fileEvents(message.files)) socket.connection.answer(frameOf(event));
    acknowledge({
      ok: true,
      success: true,
      message_id: answerIdOf(roomId, accepted.turn),
      client_message_id: id,
      cursor: accepted.cursor,
      repeated: accepted.repeated,
    });
    if (accepted.repeated) await retell(socket, roomId, accepted.turn);
  } catch (thrown) {
    if (promptId !== undefined) seat?.disowns(promptId);
    if (toColloquyError(thrown).code !== "not_found") throw thrown;
    socket.refuse(thrown, acknowledge, `message_error ${id}`, "room_error");
  }
};

export const stop: Does<"stop"> = async (socket, { roomId, id }, acknowledge) => {
  await socket.context.conversations.cancel(socket.principal, await conversationOf(socket, roomId));
  socket.tell(`event_received ${id}`, { success: true });
  acknowledge({ ok: true, success: true });
};

export const configure: Does<"configure"> = async (socket, { roomId, id, wishes }, acknowledge) => {
  const settings: RoomSettings = wishes;
  await socket.context.conversations.rooms.configure(socket.principal, roomId, settings);
  socket.tell(`event_received ${id}`, { success: true });
  acknowledge({ ok: true, success: true });
};

export const decide: Does<"decide"> = async (socket, { roomId, callId, verdict, reason }, acknowledge) => {
  const conversation = await conversationOf(socket, roomId);
  const decision = { callId, verdict, ...(reason !== undefined && { reason }) };
  await socket.context.conversations.decide(socket.principal, conversation, decision);
  acknowledge({ ok: true, call_id: callId });
};

export const settle: Does<"settle"> = async (socket, { roomId, callId, outcome, content }, acknowledge) => {
  const conversation = await conversationOf(socket, roomId);
  await socket.context.conversations.settle(socket.principal, conversation, { callId, outcome, content });
  acknowledge({ ok: true, call_id: callId });
};

/** The prompt that a message belongs to: named as its answer's stream is, or as its author's client named it. */
const promptOf = async (
  socket: RoomSocket,
  conversation: string,
  { roomId, messageId }: Command<"cancel">,
): Promise<string | undefined> => {
  if (messageId === undefined) return undefined;
  const turn = turnOf(roomId, messageId);
  if (turn === undefined) return promptIdOf(socket.principal.user, messageId);
  const prompt = await promptAt(socket, conversation, turn);
  if (!prompt) throw new ColloquyError("no_such_turn");
  return prompt.id;
};

export const cancel: Does<"cancel"> = async (socket, command, acknowledge) => {
  const conversation = await conversationOf(socket, command.roomId);
  const promptId = await promptOf(socket, conversation, command);
  await socket.context.conversations.cancel(socket.principal, conversation, promptId);
  acknowledge({ ok: true, room_id: command.roomId });
};

export const typing: Does<"typing"> = async (socket, { roomId }, acknowledge) => {
  const seat = socket.seats.get(roomId);
  if (!seat) throw new ColloquyError("not_allowed", { message: "Join the room first." });
  seat.typing();
  acknowledge({ ok: true, room_id: roomId });
};
