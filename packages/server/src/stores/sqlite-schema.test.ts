import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import { systemIds } from "../kernel/ids.ts";
import { silentLogger } from "../kernel/logger.ts";
import { statements } from "./sqlite-operations.ts";
import { checkSchema, migrate, migrations } from "./sqlite-schema.ts";
import { createSqliteStore } from "./sqlite-store.ts";
import type { Store } from "./store.ts";

/** A file as the first schema version wrote it, with one conversation in it. Never changed when the schema is. */
const version1 = `
  CREATE TABLE conversations (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, log TEXT NOT NULL,
    term INTEGER NOT NULL, n INTEGER NOT NULL, title TEXT NOT NULL, search TEXT NOT NULL, updated_at INTEGER NOT NULL);
  CREATE INDEX conversations_newest ON conversations (updated_at DESC, name) WHERE n > 0;
  CREATE TABLE entries (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL, n INTEGER NOT NULL, turn INTEGER,
    kind TEXT NOT NULL, body TEXT NOT NULL);
  CREATE UNIQUE INDEX entries_n ON entries (conversation, n);
  CREATE INDEX entries_turn ON entries (conversation, turn, n) WHERE turn IS NOT NULL;
  CREATE TABLE prompts (conversation INTEGER NOT NULL, prompt_id TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (conversation, prompt_id)) WITHOUT ROWID;
  CREATE TABLE open_turns (conversation INTEGER NOT NULL, turn INTEGER NOT NULL,
    PRIMARY KEY (conversation, turn)) WITHOUT ROWID;
  INSERT INTO conversations VALUES (1, 'channel:a', 'abc', 4, 1, 'Hello', 'hello' || char(10) || 'channel:a', 7);
  INSERT INTO entries VALUES (1, 1, 1, 1, 'prompt',
    '{"kind":"prompt","at":7,"id":"p1","author":"ada","text":"Hello","assistant":"guide","n":1}');
  INSERT INTO prompts VALUES (1, 'p1', 1);
  INSERT INTO open_turns VALUES (1, 1);
  PRAGMA application_id = 1131180409;
  PRAGMA user_version = 1;`;

let folder: string;
const file = (): string => path.join(folder, "colloquy.db");
const opened = async <T>(use: (store: Store) => Promise<T>): Promise<T> => {
  const store = createSqliteStore({ folder, clock: systemClock, ids: systemIds, logger: silentLogger });
  try {
    await store.start();
    return await use(store);
  } finally {
    await store.close();
  }
};
const withFile = <T>(use: (db: DatabaseSync) => T): T => {
  const db = new DatabaseSync(file());
  try {
    return use(db);
  } finally {
    db.close();
  }
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "colloquy-schema-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a file of schema version 1 is opened with everything in it", async () => {
  withFile((db) => db.exec(version1));
  await opened(async (store) => {
    expect(await store.openTurns()).toEqual([{ conversation: "channel:a", turn: 1 }]);
    expect(await store.lead("channel:a", false)).toEqual({ log: "abc", term: 5, n: 1 });
    const end = { kind: "turn-end", at: 8, turn: 1, end: "completed" } as const;
    await store.append({ conversation: "channel:a", term: 5, expected: 2, entries: [end] });
    expect(await store.readTurn("channel:a", 1)).toEqual([
      { kind: "prompt", at: 7, id: "p1", author: "ada", text: "Hello", assistant: "guide", n: 1 },
      { ...end, n: 2 },
    ]);
    expect(await store.list({ limit: 1, query: "HELLO" })).toEqual([
      { id: "channel:a", title: "Hello", updatedAt: 8, entries: 2 },
    ]);
  });
  expect(withFile((db) => db.prepare("PRAGMA user_version").get())).toEqual({
    user_version: migrations.length,
  });
});

test("a file moves forward step by step, each step whole or not at all", () => {
  withFile((db) => {
    db.exec(version1);
    const added = "ALTER TABLE conversations ADD COLUMN colour TEXT NOT NULL DEFAULT 'green'";
    const broken = "ALTER TABLE conversations ADD COLUMN size INTEGER; INSERT INTO nowhere VALUES (1)";
    expect(() => migrate(db, [...migrations, added, broken])).toThrow("no such table: nowhere");
    const version = (): unknown => db.prepare("PRAGMA user_version").get()?.["user_version"];
    expect(version()).toBe(migrations.length + 1);
    expect(db.prepare("SELECT * FROM conversations").get()).toMatchObject({ colour: "green", log: "abc" });
    expect(db.prepare("SELECT * FROM conversations").get()).not.toHaveProperty("size");
    migrate(db, [...migrations, added, "DELETE FROM conversations"]);
    expect(version()).toBe(migrations.length + 2);
    expect(() => checkSchema(db, migrations)).toThrow("newer Colloquy");
  });
});

test("P12 a file of a newer Colloquy, or of another program, is refused and left alone", async () => {
  withFile((db) => db.exec(`${version1}; PRAGMA user_version = 99`));
  await expect(opened(async () => {})).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringMatching(
      /^The store in .* was written by a newer Colloquy \(schema 99; this one knows up to/,
    ),
  });
  await rm(file());
  withFile((db) => db.exec("CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)"));
  await expect(opened(async () => {})).rejects.toMatchObject({
    message: `The store in ${folder} is a database of another program.`,
  });
  expect(withFile((db) => db.prepare("PRAGMA journal_mode").get())).toEqual({ journal_mode: "delete" });
  expect(withFile((db) => db.prepare("SELECT * FROM theirs").all())).toHaveLength(1);
});

describe("in a log of 100,000 entries as in one of 100", () => {
  const fill = (db: DatabaseSync, entries: number): void => {
    migrate(db);
    db.exec(`
      INSERT INTO conversations VALUES (1, 'channel:a', 'abc', 1, ${entries}, 'Hello', 'hello', 7), (2, 'b', 'd', 1, 0, '', '', 0);
      WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${entries})
        INSERT INTO entries SELECT NULL, 1, n, (n - 1) / 4 * 4 + 1, 'note', '{}' FROM numbers;
      ANALYZE`);
  };
  const plan = (db: DatabaseSync, sql: string): string[] =>
    db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((row) => String(row["detail"]));

  test.each([100, 100_000])("every read goes straight to its rows, with nothing to sort (%i)", (entries) => {
    withFile((db) => {
      fill(db, entries);
      const straightToLog = [
        "SCALAR SUBQUERY 1",
        "SEARCH conversations USING COVERING INDEX sqlite_autoindex_conversations_1 (name=?)",
      ];
      expect(plan(db, statements.newest)).toEqual([
        "SEARCH entries USING INDEX entries_n (conversation=? AND n<?)",
        ...straightToLog,
      ]);
      expect(plan(db, statements.after)).toEqual([
        "SEARCH entries USING INDEX entries_n (conversation=? AND n>?)",
        ...straightToLog,
      ]);
      expect(plan(db, statements.turn)).toEqual([
        "SEARCH entries USING INDEX entries_turn (conversation=? AND turn=?)",
        ...straightToLog,
      ]);
      expect(plan(db, statements.list)).toEqual([
        "SEARCH conversations USING INDEX conversations_newest (updated_at<?)",
      ]);
      expect(plan(db, statements.open)).toEqual([
        "SCAN open_turns",
        "SEARCH conversations USING INTEGER PRIMARY KEY (rowid=?)",
      ]);
      for (const sql of [statements.conversation, statements.hasPrompt, statements.prompt]) {
        expect(plan(db, sql).filter((detail) => detail.startsWith("SCAN"))).toEqual([]);
      }
      // Each row that is read is counted; a read that walked over others would count them too.
      let rows = 0;
      db.function("counted", { varargs: false }, (n) => ((rows += 1), Number(n)));
      db.prepare(statements.newest.replace("n < ?", "counted(n) < ? AND n < 1e9")).all("channel:a", 1e9, 50);
      expect(rows).toBe(50);
    });
  });
});
