import type { ToolSpec } from "../../packages/server/src/models/model.ts";
import type { ProviderAnswer, ProviderScript } from "./provider.ts";

/** A tool that stands for any. */
export const weather: ToolSpec = {
  name: "weather",
  description: "The weather of a place",
  parameters: { type: "object", properties: { city: { type: "string" } } },
};

/** A chunk with pieces of calls, or with anything else in its delta. */
export const delta = (answer: ProviderAnswer, fields: object, reason: string | null = null): Promise<void> =>
  answer.event({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "stand-in",
    choices: [{ index: 0, delta: fields, finish_reason: reason }],
  });
/** A piece of a call of `weather`; `begins` is the id of a call that begins with it. */
export const piece = (index: number, args: string, begins?: string): object => ({
  tool_calls: [
    {
      index,
      ...(begins !== undefined && { id: begins, type: "function" }),
      function: { ...(begins !== undefined && { name: "weather" }), arguments: args },
    },
  ],
});
/** A script that calls and stops for the results. */
export const calling =
  (...pieces: object[]): ProviderScript =>
  async (answer) => {
    for (const one of pieces) await delta(answer, one);
    await answer.finish("tool_calls", { prompt_tokens: 7, completion_tokens: 3 });
    await answer.done();
  };
