import type { TurnError } from "../conversation.ts";
import type { Fields } from "../read-payload.ts";
import { refusalOf, word } from "./read-room.ts";
import type { RoomOptions } from "./rooms-client.ts";

export interface EnterOptions {
  readonly chatId: string;
  /** What a new room is made of. */
  readonly wish: () => Pick<RoomOptions, "source" | "model">;
  /** Whether a room is to be made where there is none. */
  readonly makes: () => boolean;
  /** There is none, and none is to be made. */
  readonly absent: () => void;
  readonly emit: (event: string, payload: Fields, answered: (ack: Fields) => void) => void;
  /** How many of the newest entries to tell where there is no usable cursor. */
  readonly history: number;
  readonly cursor: () => string | undefined;
  readonly joined: (roomId: string, ack: Fields) => void;
  readonly refused: (error: TurnError) => void;
}

const notFound = { code: "not_found", error: "There is no such room, or you may not come in." };

/** Finds the chat's room, or makes it, then comes in; tells how that went. What a lost connection cuts off tells nothing. */
export const enterRoom = (
  { chatId, wish, makes, absent, emit, history, cursor, joined, refused }: EnterOptions,
  known: string | undefined,
): void => {
  const ask = (event: string, payload: Fields, then: (ack: Fields) => void): void =>
    emit(event, payload, (ack) => (ack["ok"] === true ? then(ack) : refused(refusalOf(ack))));

  const join = (roomId: string): void => {
    const place = cursor();
    const where = { room_id: roomId, history, ...(place !== undefined && { cursor: place }) };
    ask("join_room", where, (ack) => joined(roomId, ack));
  };
  const make = (): void => {
    if (!makes()) return absent();
    const { source, model } = wish();
    if (source === undefined || model === undefined) return refused(refusalOf(notFound));
    const what = { chat_id: chatId, model_api_source: source, model_id: model };
    return ask("create_room", what, (ack) => join(word(ack["room_id"]) ?? ""));
  };
  if (known !== undefined) {
    join(known);
    return;
  }
  ask("find_chat", { chat_id: chatId }, (ack) => {
    const roomId = word(ack["room_id"]);
    if (roomId === undefined) make();
    else join(roomId);
  });
};
