import type { Contest } from "@colloquy/client";
import { shortDuration } from "../clock/short-duration.ts";

/** What became of a model's part; colours and marks follow from it. */
export type Fate = "answered" | "replied" | "busy" | "late" | "declined" | "lost" | "stood-down" | "silent";

/** One model of a contest as a line of the list. */
export interface ContestRow {
  readonly model: string;
  readonly about: string | undefined;
  readonly fate: Fate;
  readonly words: string;
  /** What it said too late; nobody's answer. */
  readonly late: string | undefined;
}

const models = (count: number): string => `${count} ${count === 1 ? "model" : "models"}`;
const isDecided = ({ ms, models: parts }: Contest): boolean => ms !== undefined || parts.length > 0;

const fateOf = (contest: Contest, model: string, standing: string | undefined): Fate => {
  if (model === contest.winner && contest.code === undefined) return "answered";
  if (contest.late.some((late) => late.model === model)) return "late";
  switch (standing) {
    case "replied":
    case "declined":
    case "lost":
    case "stood-down":
      return standing;
    case "claimed":
    case "speaking":
      return "busy";
    default:
      return "silent";
  }
};

const fates: Readonly<Record<Fate, string>> = {
  answered: "answered",
  replied: "replied",
  busy: "was not done",
  late: "too late",
  declined: "declined",
  lost: "was lost",
  "stood-down": "stood down",
  silent: "said nothing",
};

/** Every model that was asked or heard: who answered first, the others in the order in which they were asked. */
export const contestRows = (contest: Contest): readonly ContestRow[] => {
  const abouts = new Map(contest.asked.map(({ model, about }) => [model, about]));
  const parts = new Map(contest.models.map((part) => [part.model, part]));
  const names = new Set([...abouts.keys(), ...parts.keys(), ...contest.late.map(({ model }) => model)]);
  const rows = [...names].map((model): ContestRow => {
    const part = parts.get(model);
    const fate = fateOf(contest, model, part?.standing);
    const late = contest.late.find((reply) => reply.model === model);
    const timed = fate === "answered" || fate === "replied" || fate === "declined";
    const ms = fate === "late" ? late?.ms : timed ? part?.lastMs : undefined;
    const words = isDecided(contest) || fate !== "silent" ? fates[fate] : "asked";
    return {
      model,
      about: abouts.get(model),
      fate,
      words: ms === undefined ? words : `${words} · ${shortDuration(ms)}`,
      late: late?.text,
    };
  });
  return rows.toSorted((a, b) => Number(b.fate === "answered") - Number(a.fate === "answered"));
};

const nobody = ({ code, winner }: Contest): string => {
  if (winner !== undefined) return `${winner} began and did not finish`;
  if (code === "no_model") return "nobody took it";
  return code === "no_reply" ? "nobody replied in time" : "nobody answered";
};

const outcome = (contest: Contest, rows: readonly ContestRow[]): string | undefined => {
  if (!isDecided(contest)) return undefined;
  const time = contest.ms === undefined ? "" : ` in ${shortDuration(contest.ms)}`;
  if (contest.winner !== undefined && contest.code === undefined)
    return `answered by ${contest.winner}${time}`;
  const replied = rows.filter(({ fate }) => fate === "replied").length;
  if (contest.policy === "all" && replied > 0) return `${models(replied)} replied${time}`;
  return contest.fallback === undefined
    ? nobody(contest)
    : `${nobody(contest)}, so ${contest.fallback} was asked`;
};

/** The contest in a line: `answered by X in 12 ms · 4 asked · 3 stood down`. */
export const contestSummary = (contest: Contest): string => {
  const rows = contestRows(contest);
  const count = (fate: Fate, word: string): string | undefined => {
    const found = rows.filter((row) => row.fate === fate).length;
    return found === 0 || !isDecided(contest) ? undefined : `${found} ${word}`;
  };
  return [
    outcome(contest, rows),
    `${contest.asked.length} asked`,
    count("stood-down", "stood down"),
    count("declined", "declined"),
    count("lost", "lost"),
    count("late", "too late"),
    contest.winner === undefined ? count("silent", "silent") : undefined,
  ]
    .filter((words) => words !== undefined)
    .join(" · ");
};

/** What is going on while models are being asked; undefined when that is over, or was not noted. */
export const askingWords = (contest: Contest | undefined, replies: number): string | undefined => {
  if (contest?.fallback !== undefined) return `Nobody took it. Asking ${contest.fallback}…`;
  if (contest === undefined || contest.asked.length === 0 || isDecided(contest)) return undefined;
  const { length } = contest.asked;
  return replies === 0 ? `Asking ${models(length)}…` : `${replies} of ${models(length)} replied…`;
};
