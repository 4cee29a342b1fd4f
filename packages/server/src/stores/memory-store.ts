import type { ConversationSummary, Entry, NoteEntry } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Ids } from "../kernel/ids.ts";
import { shortPage } from "./short-page.ts";
import { type Append, numbered, searchable, searchableIn, type Store, titleOf, turnOf } from "./store.ts";

/** One conversation, held in memory. Entries are kept as JSON, so that nobody can change what is stored. */
interface MemoryLog {
  readonly log: string;
  term: number;
  readonly entries: string[];
  readonly prompts: Map<string, number>;
  readonly turns: Map<number, number[]>;
  readonly open: Set<number>;
  /** Notes that have a key. */
  readonly notes: number[];
  title: string;
  updatedAt: number;
}

/** What a memory store holds. Hand it to the next store to play a restart. */
export type MemoryContent = Map<string, MemoryLog>;

/**
 * A store that forgets everything with the process: for tests and for embedding where nothing need be kept. It holds
 * every duty of the port but durability.
 */
export const createMemoryStore = (options: { ids: Ids; content?: MemoryContent }): Store => {
  const content: MemoryContent = options.content ?? new Map<string, MemoryLog>();
  let open = false;

  const logs = (): MemoryContent => {
    if (!open) throw new ColloquyError("store_unavailable");
    return content;
  };
  const logOf = (conversation: string): MemoryLog | undefined => logs().get(conversation.toWellFormed());
  const parsed = (entries: readonly string[]): Entry[] => entries.map((json): Entry => JSON.parse(json));

  return {
    async start() {
      open = true;
    },
    async lead(conversation, create) {
      let log = logOf(conversation);
      if (!log) {
        if (!create) return undefined;
        log = emptyLog(options.ids.random());
        content.set(conversation.toWellFormed(), log);
      }
      log.term += 1;
      return { log: log.log, term: log.term, n: log.entries.length };
    },
    async append(append) {
      const log = logOf(append.conversation);
      if (!log || append.term < log.term || append.expected !== log.entries.length + 1) {
        throw new ColloquyError("stale_writer");
      }
      appendTo(log, append);
    },
    async readAfter(conversation, after, limit, chars = Infinity) {
      const from = Math.max(after, 0);
      const page = logOf(conversation)?.entries.slice(from, from + Math.max(limit, 0)) ?? [];
      return parsed(shortPage(page, chars));
    },
    async readNewest(conversation, limit, before = Infinity, chars = Infinity) {
      const entries = logOf(conversation)?.entries ?? [];
      const end = Math.max(0, Math.min(before - 1, entries.length));
      const page = entries.slice(Math.max(0, end - Math.max(limit, 0)), end);
      return parsed(shortPage(page.toReversed(), chars).toReversed());
    },
    async readTurn(conversation, turn) {
      const log = logOf(conversation);
      return parsed((log?.turns.get(turn) ?? []).map((n) => log?.entries[n - 1] ?? ""));
    },
    async findPrompt(conversation, promptId) {
      return logOf(conversation)?.prompts.get(promptId.toWellFormed());
    },
    async readNotes(conversation, about) {
      return notesOf(logOf(conversation), about);
    },
    async findNotes(about, key) {
      const wanted = key.toWellFormed();
      return [...logs()].flatMap(([conversation, log]) => {
        const note = notesOf(log, about).findLast((one) => one.key?.toWellFormed() === wanted);
        return note ? [{ conversation, note }] : [];
      });
    },
    async openTurns() {
      return [...logs()].flatMap(([conversation, log]) =>
        [...log.open].map((turn) => ({ conversation, turn })),
      );
    },
    async list({ limit, before = Infinity, beforeId, query = "" }) {
      const wanted = searchable(query);
      return [...logs()]
        .filter(([id, log]) => log.entries.length > 0 && searchableIn(log.title, id).includes(wanted))
        .map(([id, log]) => summary(id, log))
        .filter(
          (a) =>
            a.updatedAt < before || (a.updatedAt === before && beforeId !== undefined && a.id > beforeId),
        )
        .sort((a, b) => b.updatedAt - a.updatedAt || (a.id < b.id ? -1 : 1))
        .slice(0, Math.max(limit, 0));
    },
    async close() {
      open = false;
    },
  };
};

const emptyLog = (log: string): MemoryLog => ({
  log,
  term: 0,
  entries: [],
  prompts: new Map(),
  turns: new Map(),
  open: new Set(),
  notes: [],
  title: "",
  updatedAt: 0,
});

const summary = (id: string, log: MemoryLog): ConversationSummary => ({
  id,
  title: log.title,
  updatedAt: log.updatedAt,
  entries: log.entries.length,
});

const notesOf = (log: MemoryLog | undefined, about: NoteEntry["about"]): NoteEntry[] =>
  (log?.notes ?? [])
    .map((n): NoteEntry => JSON.parse(log?.entries[n - 1] ?? ""))
    .filter((note) => note.about === about);

/** All or nothing: whatever may be refused is refused before the first change. */
const appendTo = (log: MemoryLog, append: Append): void => {
  const entries = numbered(append);
  const bodies = entries.map((entry) => JSON.stringify(entry));
  const ids = entries.flatMap((entry) => (entry.kind === "prompt" ? [entry.id.toWellFormed()] : []));
  if (new Set(ids).size < ids.length || ids.some((id) => log.prompts.has(id))) {
    throw new ColloquyError("prompt_id_taken");
  }
  log.entries.push(...bodies);
  for (const entry of entries) {
    const turn = turnOf(entry);
    if (turn !== undefined) {
      const members = log.turns.get(turn);
      if (members) members.push(entry.n);
      else log.turns.set(turn, [entry.n]);
    }
    if (entry.kind === "prompt") {
      log.prompts.set(entry.id.toWellFormed(), entry.n);
      log.open.add(entry.n);
      log.title ||= titleOf(entry.text);
    } else if (entry.kind === "note" && entry.key !== undefined) log.notes.push(entry.n);
    else if (entry.kind === "turn-end") log.open.delete(entry.turn);
    log.updatedAt = entry.at;
  }
};
