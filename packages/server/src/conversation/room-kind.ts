import type { Model } from "../models/model.ts";
import type { PromptRequest } from "./conversations.ts";
import type { Room, RoomMessage } from "./rooms.ts";

/**
 * A kind of room, registered under a `model_api_source`. A value of functions: whatever it needs to remember it closes over.
 * A ColloquyError that it throws is told to the one who asked; of anything else that it throws, only that it failed. Nobody
 * waits longer than 15 seconds for a start or a message, nor longer than 5 for a stop.
 *
 * @example
 * const shouting: RoomKind = {
 *   model: (id) => (id === "loud" ? myModel : undefined),
 *   handle: (room, message) => ({ text: message.text.toUpperCase() }),
 * };
 */
export interface RoomKind {
  /** Who answers under a model id; undefined where there is no such model. Asked also for turns of an earlier process. */
  model(id: string): Model | undefined;
  /** The room opens: its first member is about to come in. Nobody is let in before it has resolved. */
  start?(room: Room): Promise<void> | void;
  /** What a message asks of the model; the message's text when left out. */
  handle?(
    room: Room,
    message: RoomMessage,
  ): Promise<Pick<PromptRequest, "text" | "files">> | Pick<PromptRequest, "text" | "files">;
  /** The room has been empty for a while, or the server stops. */
  stop?(room: Room): Promise<void> | void;
}
