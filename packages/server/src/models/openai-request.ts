import type { PromptFile } from "@colloquy/protocol";
import type { ModelMessage, ModelRequest, SignedReasoning, ToolCall } from "./model.ts";
import { fileForModel, textTypes } from "./model-files.ts";
import { argumentsAsObject, withoutCalls } from "./spoken-history.ts";

/** What a server has taught us about itself by refusing. */
export interface Habits {
  /** Usage is asked for. */
  usage: boolean;
  /** It calls tools only when told not to think before. */
  thinksWithoutTools: boolean;
}

/** Files that Chat Completions can carry, where the model can see them. */
export const openAiFiles: readonly string[] = ["image/*", "application/pdf", ...textTypes];

export interface BodyOptions {
  /** `provider:model`: what this model has signed is given back, what others have is not. */
  readonly id: string;
  /** The model's name at the provider. */
  readonly model: string;
  /** Media types that it takes. */
  readonly files: readonly string[];
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** The body of a Chat Completions request. */
export const openAiBody = (options: BodyOptions, request: ModelRequest, habits: Readonly<Habits>): object => {
  const tools = request.tools ?? [];
  const said = tools.length > 0 ? request.messages : withoutCalls(request.messages);
  return {
    ...options.body,
    model: options.model,
    messages: [
      ...(request.instructions === undefined ? [] : [{ role: "system", content: request.instructions }]),
      ...said.map((message) => messageOf(message, options)),
    ],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: "function",
        function: { name, description, parameters },
      })),
      ...(habits.thinksWithoutTools && { reasoning_effort: "none" }),
    }),
    stream: true,
    ...(habits.usage && { stream_options: { include_usage: true } }),
  };
};

const messageOf = (message: ModelMessage, options: BodyOptions): object => {
  switch (message.role) {
    case "user":
      return { role: "user", content: contentOf(message.text, message.files ?? [], options.files) };
    case "assistant":
      return {
        role: "assistant",
        content: message.text,
        ...thoughts(message.reasoning ?? [], options.id),
        ...(message.calls?.length ? { tool_calls: message.calls.map(callOf) } : {}),
      };
    case "tool":
      return { role: "tool", tool_call_id: message.callId, content: message.text };
  }
};

const contentOf = (
  text: string,
  files: readonly PromptFile[],
  takes: readonly string[],
): string | object[] => {
  if (files.length === 0) return text;
  const parts = files.map((file) => {
    const given = fileForModel(file, takes);
    if (given.kind === "text") return { type: "text", text: given.text };
    const url = `data:${given.type};base64,${file.data}`;
    if (given.type.startsWith("image/")) return { type: "image_url", image_url: { url } };
    return { type: "file", file: { filename: file.name, file_data: url } };
  });
  return text === "" ? parts : [...parts, { type: "text", text }];
};

const callOf = (call: ToolCall): object => ({
  id: call.callId,
  type: "function",
  // Servers that fill a template with the history parse this.
  function: { name: call.name, arguments: JSON.stringify(argumentsAsObject(call.arguments)) },
});

/** Thoughts go back under the name under which they came. */
const thoughts = (reasoning: readonly SignedReasoning[], id: string): object => {
  const own = reasoning.filter(({ native }) => native.model === id);
  const field = own[0]?.native.data["field"];
  if (field !== "reasoning" && field !== "reasoning_content") return {};
  return { [field]: own.map(({ text }) => text).join("") };
};
