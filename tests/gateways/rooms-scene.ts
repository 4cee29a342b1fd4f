import { expect } from "vitest";
import { makeBed, principal, type Bed, type BedOptions } from "../heart/bed.ts";
import { createPuppet, type Puppet } from "../heart/puppet-model.ts";
import {
  plainKind,
  setRoomsStage,
  type Guest,
  type RoomsStage,
  type RoomsStageOptions,
} from "./rooms-stage.ts";

export interface Scene extends Bed {
  readonly model: Puppet;
  readonly stage: RoomsStage;
}

/** A heart whose rooms a puppet answers in, behind a gateway that knows ada, bob and eve by tokens of their names. */
export const arrange = async (
  options: Partial<RoomsStageOptions> = {},
  bedOptions: Partial<BedOptions> = {},
): Promise<Scene> => {
  const model = createPuppet({ contextTokens: 1_000_000 });
  const bed = await makeBed({
    model,
    roomKinds: { aisuite: plainKind(model) },
    ...bedOptions,
  });
  const tokens = { ada: principal("ada"), bob: principal("bob"), eve: principal("eve") };
  const stage = await setRoomsStage({ conversations: bed.heart, tokens, ...options });
  return { ...bed, model, stage };
};

/** What the documents of existing clients say, step by step: nothing is awaited but the stated answers. */
export const createRoom = async (guest: Guest, chatId = "c1"): Promise<string> => {
  guest.socket.emit("find_chat", { chat_id: chatId });
  expect(await guest.next(`room_not_found ${chatId}`)).toEqual({ room_id: null, chat_id: chatId });
  const wish = { chat_id: chatId, model_api_source: "aisuite", model_id: "aisuite.m:1" };
  guest.socket.emit("create_room", wish);
  const { room_id: roomId, ...rest } = await guest.next(`room_created ${chatId}`);
  expect(rest).toEqual({ chat_id: chatId, model_id: "m:1" });
  return String(roomId);
};

/** Joins as part 1 does. */
export const join = async (guest: Guest, roomId: string): Promise<void> => {
  guest.socket.emit("join_room", { room_id: roomId });
  expect(await guest.next(`room_joined ${roomId}`)).toEqual({ room_id: roomId });
};

export const message = (content: string, id = "1700000000001") => ({
  type: "sbaw.incoming.text_message.user",
  id,
  data: { item: { id, type: "message", role: "user", model_id: "aisuite.m:1", modality: "text", content } },
});
