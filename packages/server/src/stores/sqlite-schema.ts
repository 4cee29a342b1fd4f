import type { DatabaseSync } from "node:sqlite";
import { refusal } from "./folder-fault.ts";

/** Marks a file as ours ("Clqy"), so that nobody else's database is ever written to. */
const applicationId = 0x43_6c_71_79;

/**
 * What each schema version adds; the file's version is how many of them it has seen. A step that was released is never
 * changed: what has to be different comes as a new step at the end.
 *
 * Entries lie in one table in the order of their storing, so that the appends of many conversations at once touch the
 * same few pages (measured: twice as many rows a second as in a table that is clustered by conversation). The two
 * indexes make the newest entries and those of one turn cost the same in a log of any length.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE conversations (
     id INTEGER PRIMARY KEY,
     name TEXT NOT NULL UNIQUE,
     log TEXT NOT NULL,
     term INTEGER NOT NULL,
     n INTEGER NOT NULL,
     title TEXT NOT NULL,
     search TEXT NOT NULL,
     updated_at INTEGER NOT NULL
   );
   CREATE INDEX conversations_newest ON conversations (updated_at DESC, name) WHERE n > 0;
   CREATE TABLE entries (
     id INTEGER PRIMARY KEY,
     conversation INTEGER NOT NULL,
     n INTEGER NOT NULL,
     turn INTEGER,
     kind TEXT NOT NULL,
     body TEXT NOT NULL
   );
   CREATE UNIQUE INDEX entries_n ON entries (conversation, n);
   CREATE INDEX entries_turn ON entries (conversation, turn, n) WHERE turn IS NOT NULL;
   CREATE TABLE prompts (
     conversation INTEGER NOT NULL,
     prompt_id TEXT NOT NULL,
     n INTEGER NOT NULL,
     PRIMARY KEY (conversation, prompt_id)
   ) WITHOUT ROWID;
   CREATE TABLE open_turns (
     conversation INTEGER NOT NULL,
     turn INTEGER NOT NULL,
     PRIMARY KEY (conversation, turn)
   ) WITHOUT ROWID;`,
  // Notes that can be found by what they are about: one small row each, beside the entry itself.
  `CREATE TABLE notes (
     about TEXT NOT NULL,
     key TEXT NOT NULL,
     conversation INTEGER NOT NULL,
     n INTEGER NOT NULL,
     PRIMARY KEY (about, key, conversation, n)
   ) WITHOUT ROWID;
   CREATE INDEX notes_here ON notes (conversation, about, n);`,
];

const pragma = (db: DatabaseSync, name: string): number => Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);

/** Throws a refusal, before anything is changed, when a file is no store or was written by a newer Colloquy. */
export const checkSchema = (db: DatabaseSync, steps: readonly string[] = migrations): void => {
  const version = pragma(db, "user_version");
  if (pragma(db, "page_count") > 0 && pragma(db, "application_id") !== applicationId) {
    throw refusal("is a database of another program");
  }
  if (version > steps.length) {
    throw refusal(
      `was written by a newer Colloquy (schema ${version}; this one knows up to ${steps.length}). ` +
        "Start the newer Colloquy, or restore a backup from before the change",
    );
  }
};

/** Brings a checked file forward to the newest version, each step whole or not at all. */
export const migrate = (db: DatabaseSync, steps: readonly string[] = migrations): void => {
  for (let version = pragma(db, "user_version"); version < steps.length; version += 1) {
    db.exec("BEGIN IMMEDIATE");
    try {
      db.exec(steps[version] ?? "");
      db.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${version + 1}; COMMIT`);
    } catch (error) {
      if (db.isTransaction) db.exec("ROLLBACK");
      throw error;
    }
  }
};
