import { toColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { Model, ModelEvent, ModelRequest } from "../../packages/server/src/models/model.ts";

/** A request with one prompt in it. */
export const asking = (text: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  conversation: "channel:lobby",
  turn: 1,
  promptId: "p-1",
  author: "ada",
  messages: [{ role: "user", text }],
  ...more,
});

/** What a model said, and how it ended. */
export interface Heard {
  readonly events: readonly ModelEvent[];
  /** All text in one. */
  readonly text: string;
  readonly error: ColloquyError | undefined;
}

/** Asks a model and hears it to the end. */
export const hear = async (
  model: Model,
  request: ModelRequest = asking("Hello?"),
  signal: AbortSignal = new AbortController().signal,
): Promise<Heard> => {
  const events: ModelEvent[] = [];
  let error: ColloquyError | undefined;
  try {
    for await (const event of model.stream(request, signal)) events.push(event);
  } catch (thrown) {
    error = toColloquyError(thrown);
  }
  return { events, text: events.map((event) => (event.type === "text" ? event.text : "")).join(""), error };
};
