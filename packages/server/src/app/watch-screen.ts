import type { Contest, TurnView } from "@colloquy/client";
import { plainText } from "./chat-screen.ts";

/** What a sequencer does, as lines that are only ever added. */
export interface WatchScreen {
  /** Shows what is new of a turn. */
  show(turn: TurnView): void;
  /** A line about the watching itself. */
  note(text: string): void;
  /** Whether the turn's end is on the screen. */
  over(messageId: string): boolean;
}

/** What of a turn is on the screen already. */
interface Shown {
  prompt: boolean;
  state: TurnView["state"] | undefined;
  asked: string;
  replies: number;
  late: number;
  fallback: boolean;
  ended: boolean;
}

const time = (at: number): string => new Date(at).toTimeString().slice(0, 8);
const span = (ms: number): string => (ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`);
const named = (names: readonly string[]): string => names.map(plainText).join(", ");

const askedLine = ({ asked }: Contest): string =>
  asked.map(({ model, about }) => plainText(about === undefined ? model : `${model} (${about})`)).join(", ");

/** A reply as the seed's console showed it. */
const replyLines = (from: string, text: string, facts: Readonly<Record<string, string | undefined>>) => [
  `Received from ${plainText(from)}: ${plainText(text)}`,
  ...Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [`  ${name}: ${plainText(value)}`],
  ),
];

const outcome = (turn: TurnView): string => {
  const { contest, error, state } = turn;
  if (state === "cancelled") return "stopped";
  if (state !== "completed") return `failed: ${plainText(error?.message ?? "no answer")}`;
  const ms = contest?.ms === undefined ? "" : ` in ${span(contest.ms)}`;
  if (contest?.winner !== undefined) return `${plainText(contest.winner)} won${ms}`;
  if (turn.replies) return `${turn.replies.length} replied${ms}`;
  return contest?.fallback === undefined ? "answered" : `${plainText(contest.fallback)} answered`;
};

const outcomeLines = (turn: TurnView): readonly string[] => {
  const { models = [], late = [] } = turn.contest ?? {};
  const wereLate = new Set(late.map(({ model }) => model));
  const those = (standing: string, words: string): string[] => {
    const names = models.filter((part) => part.standing === standing && !wereLate.has(part.model));
    return names.length === 0 ? [] : [`  ${words}: ${named(names.map(({ model }) => model))}`];
  };
  return [
    `  ${outcome(turn)}`,
    ...those("stood-down", "stood down"),
    ...those("declined", "declined"),
    ...those("lost", "lost"),
    ...those("asked", "silent"),
  ];
};

const replyOf = (turn: TurnView): readonly string[] => {
  const { contest, text, endedAt } = turn;
  if (text === "") return [];
  const from = contest?.winner ?? contest?.fallback ?? turn.model ?? "the model";
  return replyLines(from, text, {
    Timestamp: endedAt === undefined ? undefined : time(endedAt),
    Sender: contest?.sender,
    sysbool: contest?.sysbool,
  });
};

const isEnd = (state: TurnView["state"]): boolean =>
  state === "completed" || state === "failed" || state === "cancelled";

/** Writes through `line`, once for each line. */
export const createWatchScreen = (line: (text: string) => void): WatchScreen => {
  const shown = new Map<string, Shown>();

  const newLines = (turn: TurnView, before: Shown): readonly string[] => {
    const lines: string[] = [];
    const { contest, replies = [], prompt } = turn;
    if (turn.state === "refused" && before.state !== "refused") {
      lines.push(`  not taken: ${plainText(turn.error?.message ?? "")}`);
    }
    before.state = turn.state;
    // One's own prompt is shown when it has been taken.
    const taken = turn.state !== "sending" && turn.state !== "refused";
    if (!before.prompt && prompt !== undefined && taken) {
      before.prompt = true;
      lines.push("", `${plainText(turn.author ?? "somebody")}: ${plainText(prompt)}`);
    }
    const asked = contest ? askedLine(contest) : "";
    if (asked !== "" && asked !== before.asked) lines.push(`  asked: ${asked}`);
    before.asked = asked || before.asked;
    for (const { model, text, at } of replies.slice(before.replies)) {
      lines.push(...replyLines(model, text, { Timestamp: time(at) }));
    }
    before.replies = replies.length;
    if (contest?.fallback !== undefined && !before.fallback) {
      before.fallback = true;
      lines.push(`  nobody took it; asked instead: ${plainText(contest.fallback)}`);
    }
    if (isEnd(turn.state) && !before.ended) {
      before.ended = true;
      lines.push(...replyOf(turn), ...outcomeLines(turn));
    }
    for (const { model, text, ms } of (contest?.late ?? []).slice(before.late)) {
      lines.push(`  too late, after ${span(ms)}: ${plainText(model)}: ${plainText(text)}`);
    }
    before.late = contest?.late.length ?? 0;
    return lines;
  };

  return {
    show(turn) {
      const before: Shown = shown.get(turn.messageId) ?? {
        prompt: false,
        state: undefined,
        asked: "",
        replies: 0,
        late: 0,
        fallback: false,
        ended: false,
      };
      shown.set(turn.messageId, before);
      const lines = newLines(turn, before);
      if (lines.length > 0) line(lines.join("\n"));
    },
    note: (text) => line(`— ${text}`),
    over(messageId) {
      const one = shown.get(messageId);
      return one !== undefined && (one.ended || one.state === "refused");
    },
  };
};
