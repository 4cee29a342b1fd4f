import type { Entry } from "@colloquy/protocol";
import { feedTurn, type FeedTurn } from "./feed.ts";
import { LiveText } from "./live-text.ts";

/** What the log has of a turn's text, and the resets that it has seen. */
export const sealedText = (
  entries: readonly Entry[],
): { readonly said: string; readonly resets: readonly number[] } => {
  const answers = entries.filter((entry) => entry.kind === "answer");
  return { said: answers.map((answer) => answer.text).join(""), resets: answers.at(-1)?.resets ?? [] };
};

/** A turn whose text is in the log, as readers know turns. */
export const endedTurn = (conversation: string, turn: number, entries: readonly Entry[]): FeedTurn => {
  const prompt = entries.find((entry) => entry.kind === "prompt");
  const text = new LiveText(conversation, turn);
  const { said, resets } = sealedText(entries);
  text.restore(said, resets);
  return feedTurn(turn, prompt?.id ?? "", false, text);
};
