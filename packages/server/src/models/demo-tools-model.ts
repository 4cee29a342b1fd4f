import { systemClock } from "../kernel/clock.ts";
import { sayCalls, sayResults, sayWhatThereIs } from "./demo/tool-words.ts";
import { wishedSteps, type ZoneOf } from "./demo/tool-wishes.ts";
import type { Model, ModelMessage, ModelRequest } from "./model.ts";
import { pacedText, words, type Pace, type ToolCallEvent } from "./paced-text.ts";
import { createFindPlace } from "./skills/time/zones.ts";

/** What is said, and what is called after it. */
interface Move {
  readonly text: string;
  readonly calls?: readonly ToolCallEvent[];
}

/**
 * `demo:tools`: calls the tools that it is given, by simple patterns, so that calls and approvals can be seen without a key. The
 * same request gets the same words and calls each time.
 */
export const createDemoToolsModel = (pace: Partial<Pace> = {}): Model => {
  const findPlace = createFindPlace();
  const zoneOf: ZoneOf = (place) => findPlace(place)?.zone;
  const { everyMs = 30, clock = systemClock } = pace;
  return {
    id: "demo:tools",
    callsTools: true,
    contextTokens: 32_768,
    stream: (request, signal) => ({
      [Symbol.asyncIterator]() {
        const { text, calls } = moveOf(request, zoneOf);
        return pacedText(words(text), { everyMs, clock }, signal, calls);
      },
    }),
  };
};

type ToolMessage = Extract<ModelMessage, { role: "tool" }>;

const moveOf = ({ messages, tools = [] }: ModelRequest, zoneOf: ZoneOf): Move => {
  const place = messages.findLastIndex(({ role }) => role === "user");
  const sinceThen = messages.slice(place + 1);
  const steps = wishedSteps(messages[place]?.text ?? "", tools, zoneOf);
  const step = sinceThen.filter((message) => message.role === "assistant" && message.calls?.length).length;
  const calls = steps[step];
  if (calls) {
    const text = sayCalls(
      calls.map(({ name }) => name),
      step,
    );
    return { text, calls: calls.map((call) => ({ type: "tool-call", ...call })) };
  }
  const results = sinceThen.filter((message): message is ToolMessage => message.role === "tool");
  return { text: results.length > 0 ? sayResults(results) : sayWhatThereIs(tools) };
};
