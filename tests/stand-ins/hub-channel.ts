import {
  type AnswerEntry,
  type Code,
  type Entry,
  type Moment,
  type NewEntry,
  type NoteEntry,
  type TurnEnd,
  type TurnFacts,
  formatCursor,
  parseCursor,
} from "@colloquy/protocol";
import { escapeText } from "@colloquy/protocol/channels";

/** A subscriber's place, and how to speak to it. */
export interface HubReader {
  /** Says it in the words of its wire; `cursor` and `before` are the places around it. */
  say(moment: Moment, cursor: string, before: string): void;
  n: number;
  /** Entries up to this one are told as history. */
  past?: number;
  readonly seen: Map<number, { readonly offset: number; readonly resets: number }>;
}

/** A conversation of the stand-in hub: what a test says happens in it, and what its readers are told of that. */
export interface HubChannel {
  readonly entries: readonly Entry[];
  /** Stores a prompt and begins its turn; the same id again changes nothing. Gives the number of the turn. */
  prompt(prompt: { readonly id: string; readonly text: string; readonly author?: string }): number;
  grow(id: string, delta: string): void;
  /** The text so far becomes an entry. */
  seal(id: string): void;
  /** Takes back all but the first `keep` units. */
  reset(id: string, keep: number): void;
  tool(id: string, name: string): void;
  /** Any entries of the turn, as they are: calls, approvals, results. What was said before them is sealed. */
  log(id: string, make: (its: { readonly turn: number; readonly at: number }) => readonly NewEntry[]): void;
  note(id: string, about: NoteEntry["about"], data: NonNullable<NoteEntry["data"]>): void;
  /** What one model among several says. */
  reply(id: string, model: string, text: string): void;
  end(id: string, end?: TurnEnd, code?: Code): void;
  /** The log is lost: another one begins, empty. */
  forget(): void;
  cursorOf(reader: HubReader): string;
  /** Puts a new reader at its cursor; false when that does not fit and it begins at the present, or some entries before. */
  place(reader: HubReader, cursor: string | undefined, history?: number): boolean;
  /** Tells a reader what lies between its place and now; a fresh one also what is under way. */
  tell(reader: HubReader, fresh: boolean): void;
  readonly readers: Set<HubReader>;
}

interface Live {
  readonly facts: TurnFacts;
  text: string;
  sealed: number;
  readonly resets: number[];
  open: boolean;
}

export const createHubChannel = (now: () => number): HubChannel => {
  let log = `log${Math.random().toString(36).slice(2)}`;
  let entries: Entry[] = [];
  const lives = new Map<number, Live>();
  const readers = new Set<HubReader>();

  const live = (id: string): Live => {
    const found = [...lives.values()].find((one) => one.facts.promptId === id);
    if (!found) throw new Error(`no turn ${id}`);
    return found;
  };

  const cursorOf = (reader: HubReader): string => {
    const texts = [...reader.seen]
      .filter(
        ([turn]) => !entries.slice(0, reader.n).some((one) => one.kind === "turn-end" && one.turn === turn),
      )
      .map(([turn, place]) => ({ turn, ...place }));
    return formatCursor({ log, n: reader.n, texts });
  };

  const tellText = (reader: HubReader, turn: number, upTo: number, ending: boolean): void => {
    const one = lives.get(turn);
    const at = reader.seen.get(turn) ?? { offset: 0, resets: 0 };
    if (!one) return;
    const kept = Math.min(at.offset, ...one.resets.slice(at.resets));
    const reset = kept < at.offset;
    if (kept >= upTo && !reset) return;
    const before = cursorOf(reader);
    reader.seen.set(turn, { offset: upTo, resets: one.resets.length });
    const { text, facts } = one;
    const moment: Moment = {
      kind: "text",
      turn: facts,
      first: at.offset === 0,
      offset: kept,
      reset,
      delta: () => [escapeText(text.slice(kept, upTo))],
      whole: () => [escapeText(text.slice(0, upTo))],
      ending,
    };
    reader.say(moment, cursorOf(reader), before);
  };

  const tellEntry = (reader: HubReader, entry: Entry): void => {
    const past = entry.n <= (reader.past ?? 0);
    if (past) reader.seen.clear();
    else if (entry.kind === "answer") {
      tellText(reader, entry.turn, entry.offset + entry.text.length, false);
    } else if (entry.kind === "turn-end") {
      tellText(reader, entry.turn, lives.get(entry.turn)?.text.length ?? 0, true);
    }
    const before = cursorOf(reader);
    reader.n = entry.n;
    const number = entry.kind === "prompt" ? entry.n : (entry.turn ?? 0);
    const turn = lives.get(number)?.facts ?? { turn: number, promptId: "" };
    const say = (moment: Moment): void => reader.say(moment, cursorOf(reader), before);
    const whole = past ? "" : (lives.get(number)?.text ?? "");
    if (entry.kind === "answer") say({ kind: "sealed", entry, turn, past });
    else if (entry.kind === "turn-end") say({ kind: "ended", entry, turn, text: [escapeText(whole)], past });
    else say({ kind: "entry", entry, turn, past });
  };

  const tell = (reader: HubReader): void => {
    for (const entry of entries.slice(reader.n)) tellEntry(reader, entry);
    for (const [turn, one] of lives) if (one.open) tellText(reader, turn, one.text.length, false);
  };

  const tellAll = (): void => {
    for (const reader of readers) tell(reader);
  };

  const append = (...fresh: readonly NewEntry[]): void => {
    for (const entry of fresh) entries.push({ ...entry, n: entries.length + 1 });
  };

  const sealed = (one: Live): readonly NewEntry[] => {
    if (one.sealed === one.text.length) return [];
    const part: Omit<AnswerEntry, "n"> = {
      kind: "answer",
      at: now(),
      turn: one.facts.turn,
      part: `${one.facts.turn}.1.${one.sealed}`,
      offset: one.sealed,
      text: one.text.slice(one.sealed),
    };
    one.sealed = one.text.length;
    return [part];
  };

  return {
    get entries() {
      return entries;
    },
    readers,
    prompt({ id, text, author = "somebody" }) {
      const known = entries.find((entry) => entry.kind === "prompt" && entry.id === id);
      if (known) return known.n;
      append({ kind: "prompt", at: now(), id, author, text, assistant: "default" });
      const turn = entries.length;
      lives.set(turn, { facts: { turn, promptId: id, author }, text: "", sealed: 0, resets: [], open: true });
      tellAll();
      return turn;
    },
    grow(id, delta) {
      live(id).text += delta;
      tellAll();
    },
    seal(id) {
      append(...sealed(live(id)));
      tellAll();
    },
    reset(id, keep) {
      const one = live(id);
      one.text = one.text.slice(0, keep);
      one.resets.push(keep);
      tellAll();
    },
    tool(id, name) {
      const { turn } = live(id).facts;
      append({ kind: "tool-call", at: now(), turn, callId: `call-${name}`, name, arguments: "{}" });
      tellAll();
    },
    log(id, make) {
      const one = live(id);
      append(...sealed(one), ...make({ turn: one.facts.turn, at: now() }));
      tellAll();
    },
    note(id, about, data) {
      append({ kind: "note", at: now(), turn: live(id).facts.turn, about, data });
      tellAll();
    },
    reply(id, model, text) {
      append({ kind: "reply", at: now(), turn: live(id).facts.turn, model, text });
      tellAll();
    },
    end(id, end = "completed", code) {
      const one = live(id);
      append(...sealed(one), {
        kind: "turn-end",
        at: now(),
        turn: one.facts.turn,
        end,
        model: "demo:echo",
        usage: { inputTokens: 1, outputTokens: 2 },
        ...(code !== undefined && { code }),
      });
      one.open = false;
      tellAll();
    },
    forget() {
      log = `log${Math.random().toString(36).slice(2)}`;
      entries = [];
      lives.clear();
    },
    cursorOf,
    place(reader, cursor, history = 0) {
      const place = cursor === undefined ? undefined : parseCursor(cursor);
      const recovered = place !== undefined && place.log === log && place.n <= entries.length;
      reader.n = recovered ? place.n : Math.max(0, entries.length - history);
      if (!recovered) reader.past = entries.length;
      for (const { turn, ...at } of recovered ? place.texts : []) reader.seen.set(turn, at);
      return recovered;
    },
    tell(reader, fresh) {
      for (const one of lives.values())
        if (fresh && one.open)
          reader.say({ kind: "present", turn: one.facts }, cursorOf(reader), cursorOf(reader));
      tell(reader);
    },
  };
};
