import type { Entry, NoteEntry, ReplyEntry } from "@colloquy/protocol";
import type { AskedModel, Contest, LateReply, ModelReply, ModelStanding } from "./contest.ts";
import { type Fields, isFields } from "./read-payload.ts";

/** The named fields, where they are strings. */
const words = <K extends string>(data: Fields, ...keys: readonly K[]): { [P in K]?: string } => {
  const found: { [P in K]?: string } = {};
  for (const key of keys) {
    const value = data[key];
    if (typeof value === "string") found[key] = value;
  }
  return found;
};
/** The named fields, where they are numbers. */
const times = <K extends string>(data: Fields, ...keys: readonly K[]): { [P in K]?: number } => {
  const found: { [P in K]?: number } = {};
  for (const key of keys) {
    const value = data[key];
    if (typeof value === "number" && Number.isFinite(value)) found[key] = value;
  }
  return found;
};

const named = (list: unknown): readonly (Fields & { readonly model: string })[] =>
  (Array.isArray(list) ? list : []).filter(
    (item): item is Fields & { readonly model: string } =>
      isFields(item) && typeof item["model"] === "string",
  );

const readAsked = (list: unknown): readonly AskedModel[] =>
  named(list).map((item) => ({ model: item.model, ...words(item, "about") }));

const readStandings = (list: unknown): readonly ModelStanding[] =>
  named(list).map((item) => ({
    model: item.model,
    standing: words(item, "standing").standing ?? "asked",
    ...times(item, "firstMs", "lastMs"),
  }));

const readLate = (data: Fields): readonly LateReply[] =>
  named([data]).map(({ model }) => ({
    model,
    text: words(data, "text").text ?? "",
    ms: times(data, "ms").ms ?? 0,
  }));

const nobodyYet: Contest = { asked: [], models: [], late: [] };

/** A turn that is run again after a crash asks again: what it asked and heard before counts no more. */
const withNote = (contest: Contest | undefined, { about, data = {} }: NoteEntry): Contest | undefined => {
  const before = contest ?? nobodyYet;
  if (about === "late-reply") return { ...before, late: [...before.late, ...readLate(data)] };
  if (about !== "arbitration") return contest;
  if (Array.isArray(data["asked"])) return { ...nobodyYet, asked: readAsked(data["asked"]) };
  if (!Array.isArray(data["models"])) return { ...before, ...words(data, "fallback") };
  return {
    ...before,
    ...words(data, "policy", "winner", "sender", "sysbool", "code"),
    ...times(data, "ms"),
    models: readStandings(data["models"]),
  };
};

const isNote = (entry: Entry): entry is NoteEntry => entry.kind === "note";
const isReply = (entry: Entry): entry is ReplyEntry => entry.kind === "reply";

/** What a sequencer noted in a turn's entries; undefined when none was asked. */
const contestIn = (entries: readonly Entry[]): Contest | undefined =>
  entries.filter(isNote).reduce<Contest | undefined>(withNote, undefined);

/** The replies of a turn's last run, in the order in which they came; undefined when there are none. */
const repliesIn = (entries: readonly Entry[]): readonly ModelReply[] | undefined => {
  const run = entries.findLastIndex((entry) => isNote(entry) && entry.about === "attempt");
  const replies = entries.slice(run + 1).filter(isReply);
  return replies.length === 0 ? undefined : replies.map(({ model, text, at }) => ({ model, text, at }));
};

const countOf = (entries: readonly Entry[]): number =>
  entries.filter((entry) => isNote(entry) || isReply(entry)).length;

/** Both, or what was read before where the entries that came since say nothing about them. */
export const foldContest = (
  known: readonly Entry[],
  entries: readonly Entry[],
  before: { readonly contest?: Contest; readonly replies?: readonly ModelReply[] },
): { readonly contest?: Contest; readonly replies?: readonly ModelReply[] } => {
  const same = countOf(known) === countOf(entries);
  const contest = (same ? before.contest : undefined) ?? contestIn(entries);
  const replies = (same ? before.replies : undefined) ?? repliesIn(entries);
  return { ...(contest && { contest }), ...(replies && { replies }) };
};
