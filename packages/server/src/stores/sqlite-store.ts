import type { Entry, NoteEntry } from "@colloquy/protocol";
import type { Clock } from "../kernel/clock.ts";
import type { Ids } from "../kernel/ids.ts";
import type { Logger } from "../kernel/logger.ts";
import { type Meter, observe } from "../kernel/meter.ts";
import { createSqliteLink } from "./sqlite-link.ts";
import type { EntryRows, PromptRow, SqliteRequest } from "./sqlite-request.ts";
import { numbered, searchable, searchableIn, type Store, titleOf, turnOf } from "./store.ts";

export interface SqliteStoreOptions {
  /** Where the store lives: `colloquy.db` and, while a server runs, its lock. Made when it is not there. */
  readonly folder: string;
  /** The file grows to this many bytes at most; without it, as far as the disk lets it. */
  readonly maxBytes?: number;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly meter?: Meter;
}

/**
 * The store in one SQLite file, owned by a thread of its own, so that the event loop never waits for the disk. Only one
 * server uses a folder at a time; `start` refuses a second one.
 *
 * @example
 * const store = createSqliteStore({ folder: "./data", clock: systemClock, ids: systemIds, logger });
 * await store.start();
 */
export const createSqliteStore = (options: SqliteStoreOptions): Store => {
  const { folder, maxBytes, clock, ids, logger, meter } = options;
  const link = createSqliteLink({
    sqlite: maxBytes === undefined ? { folder } : { folder, maxBytes },
    clock,
    logger,
  });

  return {
    start: () => link.start(),
    lead: (name, create) => {
      const request = { op: "lead", conversation: name.toWellFormed() } as const;
      return link.ask<"lead">(create ? { ...request, log: ids.random() } : request);
    },
    async append(append) {
      const asked = clock.monotonic();
      const rows = rowsOf(numbered(append), append.conversation);
      const request: SqliteRequest = {
        op: "append",
        conversation: append.conversation.toWellFormed(),
        term: append.term,
        expected: append.expected,
        rows,
        at: append.entries.at(-1)?.at ?? 0,
      };
      await link.ask<"append">(
        request,
        rows.bodies.reduce((sum, body) => sum + body.length, 0),
      );
      if (meter) observe(meter.storeLatency, clock.monotonic() - asked);
    },
    readAfter: async (name, after, limit, chars = Infinity) =>
      entriesOf(
        await link.ask<"after">({
          op: "after",
          conversation: name.toWellFormed(),
          after,
          limit: rowLimit(limit),
          chars,
        }),
      ),
    readNewest: async (name, limit, before = Number.MAX_SAFE_INTEGER, chars = Infinity) =>
      entriesOf(
        await link.ask<"newest">({
          op: "newest",
          conversation: name.toWellFormed(),
          before,
          limit: rowLimit(limit),
          chars,
        }),
      ),
    readTurn: async (name, turn) =>
      entriesOf(await link.ask<"turn">({ op: "turn", conversation: name.toWellFormed(), turn })),
    findPrompt: (name, promptId) =>
      link.ask<"prompt">({ op: "prompt", conversation: name.toWellFormed(), id: promptId.toWellFormed() }),
    readNotes: async (name, about) =>
      notesOf(await link.ask<"notes">({ op: "notes", conversation: name.toWellFormed(), about })),
    findNotes: async (about, key) => {
      const found = await link.ask<"found">({ op: "found", about, key: key.toWellFormed() });
      return found.map(({ conversation, note }) => ({ conversation, note: noteOf(note) }));
    },
    openTurns: () => link.ask<"open">({ op: "open" }),
    list: ({ limit, before = Number.MAX_SAFE_INTEGER, beforeId, query = "" }) =>
      link.ask<"list">({
        op: "list",
        limit: rowLimit(limit),
        before,
        beforeId: beforeId?.toWellFormed() ?? null,
        query: searchable(query),
      }),
    close: () => link.close(),
  };
};

const rowsOf = (entries: readonly Entry[], conversation: string): EntryRows => {
  const prompts: PromptRow[] = [];
  const notes: EntryRows["notes"][number][] = [];
  for (const [at, entry] of entries.entries()) {
    if (entry.kind === "note" && entry.key !== undefined)
      notes.push({ at, about: entry.about, key: entry.key.toWellFormed() });
    if (entry.kind !== "prompt") continue;
    const title = titleOf(entry.text);
    prompts.push({ at, id: entry.id.toWellFormed(), title, search: searchableIn(title, conversation) });
  }
  return {
    turns: entries.map((entry) => turnOf(entry) ?? null),
    kinds: entries.map(({ kind }) => kind),
    // JSON.stringify escapes lone surrogates, so that they come back as they were.
    bodies: entries.map((entry) => JSON.stringify(entry)),
    prompts,
    notes,
  };
};

const noteOf = (json: string): NoteEntry => JSON.parse(json);
const notesOf = (json: string): NoteEntry[] => JSON.parse(json);
const entriesOf = (json: string): Entry[] => JSON.parse(json);

/** SQLite takes a negative limit for none at all, and only whole numbers. */
const rowLimit = (limit: number): number => Math.max(0, Math.min(limit, 0x7f_ff_ff_ff));
