import type { JournalledText, JournalRecord } from "./live-journal.ts";

/** The text of a turn that is not forgotten, as its records so far have made it. */
export interface LiveText {
  readonly conversation: string;
  readonly turn: number;
  /** All of it, as the inside of a JSON string. It grows by concatenation and is joined only when it must be read. */
  escaped: string;
  /** UTF-16 code units of the text that `escaped` stands for. */
  length: number;
  readonly resets: number[];
  /** What every line of this turn begins with, in a journal that is a file. */
  readonly head: string;
}

/** What a journal has to remember: the meaning of its records, without the file. */
export interface LiveTexts {
  /** The text after the record, or undefined when the record begins beyond what is known. */
  apply(record: JournalRecord): LiveText | undefined;
  /** Whether there was anything to forget. */
  forget(conversation: string, turn: number): boolean;
  /** Those that are there now; what is forgotten or added on the way does no harm. */
  all(): Iterable<LiveText>;
}

export const createLiveTexts = (): LiveTexts => {
  const conversations = new Map<string, Map<number, LiveText>>();

  const open = (conversation: string, turn: number): LiveText => {
    const text: LiveText = {
      conversation,
      turn,
      escaped: "",
      length: 0,
      resets: [],
      head: `{"c":${JSON.stringify(conversation)},"t":${turn},`,
    };
    const turns = conversations.get(conversation);
    if (turns) turns.set(turn, text);
    else conversations.set(conversation, new Map([[turn, text]]));
    return text;
  };

  return {
    apply(record) {
      const known = conversations.get(record.conversation)?.get(record.turn);
      if (record.offset > (known?.length ?? 0)) return undefined;
      const text = known ?? open(record.conversation, record.turn);
      if (record.offset < text.length)
        text.escaped = escapeJson(unescapeJson(text.escaped).slice(0, record.offset));
      text.escaped += record.escaped;
      text.length = record.offset + lengthOf(record.escaped);
      while (text.resets.length < record.resets) text.resets.push(record.offset);
      return text;
    },
    forget(conversation, turn) {
      const turns = conversations.get(conversation);
      if (!turns?.delete(turn)) return false;
      if (turns.size === 0) conversations.delete(conversation);
      return true;
    },
    *all() {
      for (const turns of conversations.values()) yield* turns.values();
    },
  };
};

/** What a start gives back for a text. */
export const journalled = ({ conversation, turn, escaped, resets }: LiveText): JournalledText => ({
  conversation,
  turn,
  text: unescapeJson(escaped),
  resets: [...resets],
});

const unescapeJson = (escaped: string): string => String(JSON.parse(`"${escaped}"`));

/** A text as the inside of a JSON string. */
export const escapeJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** Most pieces have nothing escaped in them and are as long as they look. */
const lengthOf = (escaped: string): number =>
  escaped.includes("\\") ? unescapeJson(escaped).length : escaped.length;
