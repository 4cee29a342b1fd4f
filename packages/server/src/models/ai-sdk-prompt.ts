import type { LanguageModelV4CallOptions, LanguageModelV4Message } from "@ai-sdk/provider";
import type { Native } from "@colloquy/protocol";
import { isFields } from "./json-fields.ts";
import type { ModelMessage, ModelRequest, ToolCall } from "./model.ts";
import { fileForModel } from "./model-files.ts";
import { argumentsAsObject, withoutCalls } from "./spoken-history.ts";

type Metadata = NonNullable<LanguageModelV4Message["providerOptions"]>;
type User = Extract<LanguageModelV4Message, { role: "user" }>;
type Assistant = Extract<LanguageModelV4Message, { role: "assistant" }>;
type ToolResult = Extract<LanguageModelV4Message, { role: "tool" }>["content"][number];

/**
 * A request in the words of the AI SDK. What the model itself has signed in the turn under way is given back; what others
 * have signed, and what was signed in earlier turns, is left out: providers want all of a turn's signatures or none.
 *
 * @param id `provider:model`
 * @param files media types that the model takes
 */
export const aiSdkPrompt = (
  request: ModelRequest,
  id: string,
  files: readonly string[],
): Pick<LanguageModelV4CallOptions, "prompt" | "tools" | "toolChoice"> => {
  const tools = request.tools ?? [];
  const said = tools.length > 0 ? request.messages : withoutCalls(request.messages);
  const turn = said.findLastIndex(({ role }) => role === "user");
  const prompt: LanguageModelV4Message[] = [];
  if (request.instructions !== undefined) prompt.push({ role: "system", content: request.instructions });
  for (const [place, message] of said.entries()) add(prompt, message, place > turn ? id : undefined, files);
  if (tools.length === 0) return { prompt };
  return {
    prompt,
    tools: tools.map(({ name, description, parameters }) => ({
      type: "function",
      name,
      description,
      inputSchema: parameters,
    })),
    toolChoice: { type: "auto" },
  };
};

/** @param signer whose signatures are given back, if anybody's */
const add = (
  prompt: LanguageModelV4Message[],
  message: ModelMessage,
  signer: string | undefined,
  files: readonly string[],
): void => {
  switch (message.role) {
    case "user": {
      const content = userContent(message, files);
      if (content.length > 0) prompt.push({ role: "user", content });
      return;
    }
    case "assistant": {
      const content = assistantContent(message, signer);
      // Providers refuse messages that say nothing.
      if (content.length > 0) prompt.push({ role: "assistant", content });
      return;
    }
    case "tool": {
      const { callId, name, text, failed } = message;
      const result: ToolResult = {
        type: "tool-result",
        toolCallId: callId,
        toolName: name,
        output: { type: failed ? "error-text" : "text", value: text },
      };
      const last = prompt.at(-1);
      if (last?.role === "tool") last.content.push(result);
      else prompt.push({ role: "tool", content: [result] });
    }
  }
};

const userContent = (
  { text, files = [] }: Extract<ModelMessage, { role: "user" }>,
  takes: readonly string[],
): User["content"] => {
  const content: User["content"] = files.map((file) => {
    const given = fileForModel(file, takes);
    if (given.kind === "text") return { type: "text", text: given.text };
    return {
      type: "file",
      filename: file.name,
      mediaType: given.type,
      data: { type: "data", data: file.data },
    };
  });
  if (text !== "") content.push({ type: "text", text });
  return content;
};

const assistantContent = (
  { text, reasoning = [], calls = [] }: Extract<ModelMessage, { role: "assistant" }>,
  signer: string | undefined,
): Assistant["content"] => {
  const content: Assistant["content"] = [];
  for (const thought of reasoning) {
    if (thought.native.model !== signer) continue;
    content.push({ type: "reasoning", text: thought.text, ...signed(thought.native.data) });
  }
  if (text !== "") content.push({ type: "text", text });
  for (const call of calls) content.push(callPart(call, signer));
  return content;
};

const callPart = (call: ToolCall, signer: string | undefined): Assistant["content"][number] => ({
  type: "tool-call",
  toolCallId: call.callId,
  toolName: call.name,
  input: argumentsAsObject(call.arguments),
  ...(call.native && call.native.model === signer ? signed(call.native.data) : {}),
});

/** What a provider gave us as metadata it takes back as options. */
const signed = (data: Native["data"]): { providerOptions?: Metadata } =>
  isMetadata(data) && Object.keys(data).length > 0 ? { providerOptions: data } : {};

/** By provider; whatever it wrote there went through the log as JSON. */
const isMetadata = (data: Native["data"]): data is Metadata => Object.values(data).every(isFields);
