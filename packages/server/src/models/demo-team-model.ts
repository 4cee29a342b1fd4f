import { systemClock } from "../kernel/clock.ts";
import type { Model } from "./model.ts";
import { pacedText, words, type Pace } from "./paced-text.ts";

const text = `None of the team took this one. Each of its four members answers only what it is sure of:

- **arithmetic**: \`what is 15% of 80?\`, \`60 mph in km/h\`, \`255 in hex\`
- **time**: \`what time is it in Tokyo?\`, \`days until christmas\`, \`what weekday is 2024-02-29?\`
- **text**: \`how many r's in strawberry?\`, \`sha256 of hello\`, \`base64 encode hello\`, \`reverse hello\`
- **files**: \`list files\`, \`find *.txt\`, \`show welcome.txt\`

All of them are asked at the same moment; the first that answers is heard, and the others stand down.`;

/** `demo:team`: what is said when none of the skills took a prompt. */
export const createDemoTeamModel = (pace: Partial<Pace> = {}): Model => ({
  id: "demo:team",
  contextTokens: 32_768,
  stream: (_request, signal) => ({
    [Symbol.asyncIterator]: () =>
      pacedText(words(text), { everyMs: pace.everyMs ?? 15, clock: pace.clock ?? systemClock }, signal),
  }),
});
