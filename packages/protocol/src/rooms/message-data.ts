import { codes } from "../codes.ts";
import type {
  AnswerEntry,
  ApprovalEntry,
  PromptEntry,
  ReasoningEntry,
  ToolCallEntry,
  ToolResultEntry,
  TurnEndEntry,
  Usage,
} from "../entry.ts";
import { answerIdOf, messageIdOf } from "./message-id.ts";
import type {
  AssistantMessage,
  ErrorMessage,
  Fields,
  FunctionCall,
  FunctionDecision,
  FunctionResult,
  Reasoning,
  TokenUsage,
  ToldFile,
  UserMessage,
} from "./message-shapes.ts";

/** ISO 8601, UTC. */
export const timeOf = (at: number): string => new Date(at).toISOString();

/** `<source>.<model id>` without the source. */
const modelOf = (assistant: string): string => assistant.slice(assistant.indexOf(".") + 1);

const sizeOf = (base64: string): number =>
  Math.floor((base64.length * 3) / 4) - (base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0);

const fileOf = ({ name, type, data }: { name: string; type: string; data: string }): ToldFile => ({
  name,
  type,
  size: sizeOf(data),
});

export const userData = (roomId: string, entry: PromptEntry): UserMessage => ({
  id: messageIdOf(entry.id, entry.author),
  content: entry.text,
  model_id: modelOf(entry.assistant),
  role: "user",
  type: "message",
  modality: "text",
  created_timestamp: timeOf(entry.at),
  user_id: entry.author,
  message_id: answerIdOf(roomId, entry.n),
  ...(entry.files && { files: entry.files.map(fileOf) }),
});

export const reasoningData = (roomId: string, entry: ReasoningEntry): Reasoning => ({
  id: `${roomId}_${entry.n}`,
  content: entry.text,
  role: "assistant",
  type: "reasoning",
  created_timestamp: timeOf(entry.at),
  message_id: answerIdOf(roomId, entry.turn),
});

/** Undefined of a request, which is told with its call. */
export const decisionData = (roomId: string, entry: ApprovalEntry): FunctionDecision | undefined => {
  const { callId, turn, state, by, reason } = entry;
  if (state === "requested") return undefined;
  return {
    call_id: callId,
    message_id: answerIdOf(roomId, turn),
    state,
    ...(by !== undefined && { by }),
    ...(reason !== undefined && { reason }),
  };
};

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

const tokenUsage = (usage: Usage | undefined): TokenUsage | null =>
  usage
    ? {
        prompt_tokens: usage.inputTokens,
        completion_tokens: usage.outputTokens,
        total_tokens: usage.inputTokens + usage.outputTokens,
        ...(usage.estimated && { estimated: true }),
      }
    : null;

const stopReasons = { completed: "stop", cancelled: "cancelled", failed: "error" } as const;

/** An answer or part of one, but for its text. */
export const answerData = (
  roomId: string,
  entry: AnswerEntry | TurnEndEntry,
): Omit<AssistantMessage, "content"> => {
  const end = entry.kind === "turn-end" ? entry : undefined;
  return {
    id: answerIdOf(roomId, entry.turn),
    model_id: end?.model ?? "",
    role: "assistant",
    type: "message",
    modality: "text",
    created_timestamp: timeOf(entry.at),
    token_usage: tokenUsage(end?.usage),
    stop_reason: end ? stopReasons[end.end] : null,
    ...(entry.kind === "answer" && { offset: entry.offset }),
    ...(end?.end === "failed" && { code: end.code ?? "internal" }),
    ...(end?.ms !== undefined && { duration_ms: end.ms }),
  };
};
