import type { Model, ModelEvent } from "../model.ts";
import type { Skill } from "./skill.ts";

/** A skill as a model of its own: `skill:<name>`. What it is silent about it declines. */
export const createSkillModel = (skill: Skill): Model => ({
  id: `skill:${skill.name}`,
  contextTokens: 32_768,
  async *stream(request, signal): AsyncGenerator<ModelEvent> {
    const said = skill.respond({ text: request.messages.at(-1)?.text ?? "" }, signal);
    let any = false;
    const pieces = typeof said === "object" && Symbol.asyncIterator in said ? said : once(said);
    for await (const text of pieces) {
      signal.throwIfAborted();
      if (text === "") continue;
      any = true;
      yield { type: "text", text };
    }
    signal.throwIfAborted();
    yield any ? { type: "finish", reason: "stop" } : { type: "decline" };
  },
});

async function* once(said: Promise<string | undefined> | string | undefined): AsyncGenerator<string> {
  const text = await said;
  if (text !== undefined) yield text;
}
