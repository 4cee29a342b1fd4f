import { codes } from "../codes.ts";
import type { PromptEntry, ToolCallEntry, ToolResultEntry, TurnEndEntry, Usage } from "../entry.ts";
import { answerIdOf, messageIdOf } from "./message-id.ts";
import type {
  ErrorMessage,
  Fields,
  FunctionCall,
  FunctionResult,
  TokenUsage,
  ToldFile,
  UserMessage,
} from "./message-shapes.ts";

/** ISO 8601, UTC. */
const timeOf = (at: number): string => new Date(at).toISOString();

/** `<source>.<model id>` without the source. */
const modelOf = (assistant: string): string => assistant.slice(assistant.indexOf(".") + 1);

const sizeOf = (base64: string): number =>
  Math.floor((base64.length * 3) / 4) - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);

const fileOf = ({ name, type, data }: { name: string; type: string; data: string }): ToldFile => ({
  name,
  type,
  size: sizeOf(data),
});

export const userData = (entry: PromptEntry): UserMessage => ({
  id: messageIdOf(entry.id, entry.author),
  content: entry.text,
  model_id: modelOf(entry.assistant),
  role: "user",
  type: "message",
  modality: "text",
  created_timestamp: timeOf(entry.at),
  user_id: entry.author,
  ...(entry.files && { files: entry.files.map(fileOf) }),
});

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const callData = (roomId: string, entry: ToolCallEntry): FunctionCall => {
  const given = parsed(entry.arguments);
  const waits = entry.until !== undefined && entry.runs !== "client";
  return {
    id: `${roomId}_${entry.n}`,
    call_id: entry.callId,
    name: entry.name,
    arguments: isFields(given) ? given : {},
    role: "assistant",
    type: "function_call",
    created_timestamp: timeOf(entry.at),
    message_id: answerIdOf(roomId, entry.turn),
    ...(entry.progress !== undefined && { progress: entry.progress }),
    ...(waits && { approval: "requested" as const }),
    ...(entry.runs && { runs: entry.runs }),
    ...(entry.until !== undefined && { until: timeOf(entry.until) }),
  };
};

/** Objects and arrays as they are; everything else is text. */
const resultOf = (content: string): unknown => {
  const value = /^\s*[{[]/.test(content) ? parsed(content) : undefined;
  return value ?? content;
};

export const resultData = (roomId: string, entry: ToolResultEntry): FunctionResult => ({
  id: `${roomId}_${entry.n}`,
  call_id: entry.callId,
  name: entry.name ?? "",
  result: entry.outcome === "result" ? resultOf(entry.content) : { error: entry.content },
  role: "system",
  type: "function_result",
  created_timestamp: timeOf(entry.at),
  message_id: answerIdOf(roomId, entry.turn),
  outcome: entry.outcome,
});

export const errorData = (roomId: string, entry: TurnEndEntry): ErrorMessage => {
  const code = entry.code ?? "internal";
  return {
    id: `${roomId}_${entry.n}`,
    error: codes[code].says,
    code,
    retry: codes[code].retry,
    created_timestamp: timeOf(entry.at),
  };
};

export const tokenUsage = (usage: Usage | undefined): TokenUsage | null =>
  usage
    ? {
        prompt_tokens: usage.inputTokens,
        completion_tokens: usage.outputTokens,
        total_tokens: usage.inputTokens + usage.outputTokens,
        ...(usage.estimated && { estimated: true }),
      }
    : null;
