import { systemClock } from "../kernel/clock.ts";
import type { Model } from "./model.ts";
import { pacedText, words, type Pace } from "./paced-text.ts";

/** `demo:echo`: says the prompt again, word by word. For trying a client without a model. */
export const createDemoEchoModel = (pace: Partial<Pace> = {}): Model => ({
  id: "demo:echo",
  contextTokens: 32_768,
  stream: (request, signal) => ({
    [Symbol.asyncIterator]: () =>
      pacedText(
        words(request.messages.at(-1)?.text ?? ""),
        { everyMs: pace.everyMs ?? 30, clock: pace.clock ?? systemClock },
        signal,
      ),
  }),
});
