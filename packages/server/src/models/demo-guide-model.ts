import { systemClock } from "../kernel/clock.ts";
import { answer } from "./guide/answer.ts";
import type { Model } from "./model.ts";
import { pacedText, words, type Pace } from "./paced-text.ts";

export interface DemoGuideOptions extends Partial<Pace> {
  /** Where the server's page is; `http://localhost:8080` unless told. */
  readonly page?: string;
}

/**
 * `demo:guide`: welcomes people and answers questions about Colloquy, without a key and without a network. The same prompt
 * gets the same words each time, so that a turn that is run again after a crash goes on where it was.
 */
export const createDemoGuideModel = (options: DemoGuideOptions = {}): Model => {
  const page = (options.page ?? "http://localhost:8080").replace(/\/+$/, "");
  const at = { page, socket: `${page.replace(/^http/, "ws")}/ws` };
  const pace = { everyMs: options.everyMs ?? 30, clock: options.clock ?? systemClock };
  return {
    id: "demo:guide",
    contextTokens: 32_768,
    stream: (request, signal) => ({
      [Symbol.asyncIterator]: () =>
        pacedText(words(answer(request.messages.at(-1)?.text ?? "", at)), pace, signal),
    }),
  };
};
