import { onTestFinished } from "vitest";
import { delta } from "./calling.ts";
import { type Provider, type ProviderAnswer, type ProviderScript, startProvider } from "./provider.ts";

/** A message as Anthropic streams it. */
const sayAsAnthropic = async (answer: ProviderAnswer, text: string): Promise<void> => {
  const usage = { input_tokens: 9, output_tokens: 4 };
  const message = { id: "m", type: "message", role: "assistant", model: "claude", content: [], usage };
  await answer.event({ type: "message_start", message: { ...message, stop_reason: null } });
  await answer.event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } });
  await answer.event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } });
  await answer.event({ type: "content_block_stop", index: 0 });
  await answer.event({ type: "message_delta", delta: { stop_reason: "end_turn" }, usage });
  await answer.event({ type: "message_stop" });
  answer.end();
};

const lastOf = (body: unknown): string => {
  const messages: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "messages") : [];
  return JSON.stringify(Array.isArray(messages) ? messages.at(-1) : undefined);
};

/**
 * Speaks as OpenAI's Chat Completions and as Anthropic's Messages do. Asked about weather as OpenAI it calls the tool forecast; else it
 * says whom it stands for.
 */
const script: ProviderScript = async (answer, { path, body }) => {
  if (path.endsWith("/messages")) return sayAsAnthropic(answer, "Claude says so.");
  const last = lastOf(body);
  if (last.includes('"role":"user"') && last.includes("weather")) {
    const called = { name: "forecast", arguments: '{"city":"Makati"}' };
    await delta(answer, { tool_calls: [{ index: 0, id: "c0", type: "function", function: called }] });
    await answer.finish("tool_calls");
  } else {
    await answer.text("The clerk says so.");
    await answer.finish();
  }
  await answer.done();
};

/** Both, at one base URL, for the length of a test. */
export const startTwoProviders = async (): Promise<Provider> => {
  const provider = await startProvider({ script });
  onTestFinished(() => provider.close());
  return provider;
};
