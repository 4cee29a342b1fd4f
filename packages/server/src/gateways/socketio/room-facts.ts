import type { Role } from "@colloquy/protocol";
import type { RoomFacts, SessionUpdate } from "@colloquy/protocol/rooms";
import type { RoomSettings, Seat } from "../../conversation/rooms.ts";

/** A room's settings under the names by which `sbaw.assistant.update_session` sets them. */
const settingsOf = ({ instructions, history, autoExecute, tools }: RoomSettings): SessionUpdate => ({
  ...(instructions !== undefined && { instructions }),
  ...(history !== undefined && { history_length: history }),
  ...(autoExecute !== undefined && { auto_execute_functions: autoExecute }),
  ...(tools && { tools }),
});

/** What a room is and who belongs to it, in the words of the wire. */
export const roomFacts = ({
  room,
  members,
}: ReturnType<Seat["facts"]>): Required<RoomFacts> & { readonly chat_id: string } => ({
  chat_id: room.chatId,
  model_api_source: room.source,
  model_id: room.model,
  members: Array.from(members, ([user, role]) => ({ user_id: user, role })),
  settings: settingsOf(room.settings),
});

/** The same for somebody of that role: what its owner tells the model is nobody else's affair. */
export const factsFor = (
  seat: ReturnType<Seat["facts"]>,
  role: Role,
): RoomFacts & { readonly chat_id: string } => {
  const { settings, ...open } = roomFacts(seat);
  return role === "owner" ? { ...open, settings } : open;
};
