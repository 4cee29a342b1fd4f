import type { Entry, NewEntry } from "@colloquy/protocol";
import { stepUnderWay } from "../turn/call-states.ts";
import { feedTurn, type FeedTurn } from "./feed.ts";
import { LiveText } from "./live-text.ts";

/** What the log has of a turn's text, and the resets that it has seen. */
export const sealedText = (
  entries: readonly Entry[],
): { readonly said: string; readonly resets: readonly number[] } => {
  const answers = entries.filter((entry) => entry.kind === "answer");
  return { said: answers.map((answer) => answer.text).join(""), resets: answers.at(-1)?.resets ?? [] };
};

/** What readers have of a text beyond what the log has of it, as entries: nobody says more of this turn. */
export const unsealedText = (text: LiveText, entries: readonly Entry[], at: number): readonly NewEntry[] => {
  const { said, resets } = sealedText(entries);
  text.finish(false);
  const rest = text.textFrom(said.length);
  const made = text.resetsMade;
  if (rest === "" && made.length === resets.length) return [];
  const { turn } = text;
  const step = stepUnderWay(entries);
  const more = { ...(step > 1 && { step }), ...(made.length > 0 && { resets: made }) };
  return [{ kind: "answer", turn, part: `${turn}.0.0`, offset: said.length, text: rest, at, ...more }];
};

/** A turn whose text is in the log, as readers know turns. */
export const endedTurn = (conversation: string, turn: number, entries: readonly Entry[]): FeedTurn => {
  const prompt = entries.find((entry) => entry.kind === "prompt") ?? { n: turn, id: "", author: "" };
  const text = new LiveText(conversation, turn);
  const { said, resets } = sealedText(entries);
  text.restore(said, resets);
  return feedTurn(prompt, false, text);
};
