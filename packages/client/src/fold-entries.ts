import { type AnswerEntry, type Entry, type TurnEndEntry, codes } from "@colloquy/protocol";
import type { TurnView } from "./conversation.ts";
import { type ConversationState, withTurns } from "./conversation-state.ts";
import { foldCalls } from "./fold-calls.ts";
import { foldContest } from "./fold-contest.ts";
import { growText } from "./fold-progress.ts";
import { toldFile } from "./told-file.ts";
import { courseOf } from "./turn-course.ts";
import {
  hasEnded,
  indexOfTurn,
  isOpen,
  placeTurn,
  promoteNext,
  stateWhenAccepted,
  withoutActivity,
} from "./turn-list.ts";

/** The turn that an entry belongs to, or nothing (a note about the whole conversation). */
const turnOf = (entry: Entry): number | undefined => (entry.kind === "prompt" ? entry.n : entry.turn);

/** Known entries with these added, each number once, in order. Lists of other turns stay the same. */
const addEntries = (
  known: ConversationState["entries"],
  entries: readonly Entry[],
): { all: ConversationState["entries"]; touched: Set<number> } => {
  const all = new Map(known);
  const touched = new Set<number>();
  for (const entry of entries) {
    const turn = turnOf(entry);
    if (turn === undefined) continue;
    const list = all.get(turn) ?? [];
    if (list.some((other) => other.n === entry.n)) continue;
    const at = list.findLastIndex((other) => other.n < entry.n) + 1;
    all.set(turn, list.toSpliced(at, 0, entry));
    touched.add(turn);
  }
  return { all, touched };
};

/** The sealed text: a later part replaces from where it begins. Parts with a hole before them cannot be placed. */
const sealedText = (entries: readonly Entry[]): string =>
  entries
    .filter((entry): entry is AnswerEntry => entry.kind === "answer")
    .reduce(
      (text, entry) =>
        (entry.offset ?? text.length) > text.length
          ? text
          : growText(text, entry.offset ?? text.length, entry.text),
      "",
    );

const endFacts = (end: TurnEndEntry): Partial<TurnView> => {
  const code = end.code ?? (end.end === "failed" ? "internal" : undefined);
  return {
    endedAt: end.at,
    ...(end.model !== undefined && { model: end.model }),
    ...(end.usage !== undefined && { usage: end.usage }),
    // Counted where it ran; entries say it less exactly.
    ...(end.ms !== undefined && { workMs: end.ms }),
    ...(code !== undefined && {
      error: { code, message: codes[code]?.says ?? code, retry: codes[code]?.retry ?? false },
    }),
  };
};

/** The turn as its entries tell it, over what live frames have told already. */
const retold = (
  turns: readonly TurnView[],
  turn: number,
  known: readonly Entry[],
  entries: readonly Entry[],
): TurnView | undefined => {
  const prompt = entries[0];
  if (prompt?.kind !== "prompt") return undefined;
  const there = turns[indexOfTurn(turns, prompt.id)];
  const before: TurnView = there ?? { messageId: prompt.id, state: "sending", text: "" };
  const { state: told, ...times } = courseOf(entries);
  const held =
    isOpen(before.state) || hasEnded(before.state) ? before.state : stateWhenAccepted(turns, prompt.id);
  const state = told === undefined || (hasEnded(before.state) && !hasEnded(told)) ? held : told;
  const sealed = sealedText(entries);
  const reasoning = entries.map((entry) => (entry.kind === "reasoning" ? entry.text : "")).join("");
  const end = entries.find((entry): entry is TurnEndEntry => entry.kind === "turn-end");
  const {
    error,
    contest: _contest,
    replies: _replies,
    calls: _calls,
    ...rest
    // What was said of an earlier state does not hold in another.
  } = state === before.state ? before : withoutActivity(before);
  return {
    ...rest,
    ...(error !== undefined && before.state !== "refused" && { error }),
    turn,
    author: prompt.author,
    prompt: prompt.text,
    ...(prompt.files && { files: prompt.files.map(toldFile) }),
    state,
    text: before.text.startsWith(sealed) ? before.text : sealed,
    ...(reasoning !== "" && { reasoning }),
    ...foldCalls(known, entries, before),
    ...foldContest(known, entries, before),
    startedAt: prompt.at,
    ...times,
    ...(end !== undefined && endFacts(end)),
  };
};

/** Whether an entry may be what lets the next turn run: an end, or one that makes its turn wait for people. */
const mayFree = ({ kind }: Entry): boolean =>
  kind === "turn-end" || kind === "tool-call" || kind === "approval" || kind === "tool-result";

/**
 * Durable entries, live ones or a page of history, in any order and however often: each counts once. Entries of a turn
 * whose prompt is not known yet are kept until an older page brings it.
 */
export const foldEntries = (
  state: ConversationState,
  entries: readonly Entry[],
  past: boolean,
): ConversationState => {
  if (entries.length === 0) return state;
  const { all, touched } = addEntries(state.entries, entries);
  const oldest = entries.reduce((least, entry) => Math.min(least, entry.n), state.oldest ?? Infinity);
  let turns = state.view.turns;
  for (const number of [...touched].sort((a, b) => a - b)) {
    const turn = retold(turns, number, state.entries.get(number) ?? [], all.get(number) ?? []);
    if (turn !== undefined) turns = placeTurn(turns, turn, past);
  }
  if (entries.some(mayFree)) turns = promoteNext(turns);
  return { ...withTurns(state, turns), entries: all, oldest };
};
