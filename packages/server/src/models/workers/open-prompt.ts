import type { PromptFrame, WorkerMessage } from "@colloquy/protocol/workers";
import type { ModelMessage, ModelRequest } from "../model.ts";
import type { PanelEvent } from "../panel.ts";

/** A prompt that was put before the workers. */
export interface OpenPrompt {
  readonly id: string;
  /** What the workers are sent. Gone when the prompt is over, for it holds the whole history. */
  frame: PromptFrame | undefined;
  readonly hear: (event: PanelEvent) => void;
  /** Names of the workers that have had it. */
  readonly asked: Set<string>;
  /** Workers that will have it when they have room, or are back. */
  waitingFor: number;
  /** There was no worker at all; ends the waiting for one. */
  endAbsence: (() => void) | undefined;
  allAsked: boolean;
}

/** Workers have no tools: of what a turn did they are told its words. */
const wireMessages = (messages: readonly ModelMessage[]): WorkerMessage[] =>
  messages.flatMap(({ role, text }) => (role === "tool" || text === "" ? [] : [{ role, text }]));

const frameOf = (id: string, request: ModelRequest): PromptFrame => ({
  type: "prompt",
  id,
  text: request.messages.at(-1)?.text ?? "",
  history: wireMessages(request.messages.slice(0, -1)),
  conversation: request.conversation,
  author: request.author,
  ...(request.instructions !== undefined && { instructions: request.instructions }),
});

export const openPrompt = (
  id: string,
  request: ModelRequest,
  hear: (event: PanelEvent) => void,
): OpenPrompt => ({
  id,
  frame: frameOf(id, request),
  hear,
  asked: new Set(),
  waitingFor: 0,
  endAbsence: undefined,
  allAsked: false,
});

export const isOpen = (prompt: OpenPrompt): boolean => prompt.frame !== undefined;

export const endAbsence = (prompt: OpenPrompt): void => {
  prompt.endAbsence?.();
  prompt.endAbsence = undefined;
};

/** Says that nobody else is waited for, once that is so. */
export const settle = (prompt: OpenPrompt): void => {
  if (prompt.allAsked || prompt.waitingFor > 0 || prompt.endAbsence || !isOpen(prompt)) return;
  prompt.allAsked = true;
  prompt.hear({ type: "all-asked" });
};
