import type { DatabaseSync, SQLOutputValue } from "node:sqlite";
import type { SqliteAnswer, SqliteOutcome, SqliteRequest, SqliteWrite } from "./sqlite-request.ts";
import { shortPage } from "./short-page.ts";
import { searchableIn } from "./store.ts";

/** Every statement that a store runs; exported so that a test can ask for their plans. */
export const statements = {
  conversation: "SELECT id, log, term, n, title FROM conversations WHERE name = ?",
  create:
    "INSERT INTO conversations (name, log, term, n, title, search, updated_at) VALUES (?, ?, 1, 0, '', ?, 0)",
  raiseTerm: "UPDATE conversations SET term = ? WHERE id = ?",
  hasPrompt: "SELECT n FROM prompts WHERE conversation = ? AND prompt_id = ?",
  addPrompt: "INSERT INTO prompts (conversation, prompt_id, n) VALUES (?, ?, ?)",
  addEntry: "INSERT INTO entries (conversation, n, turn, kind, body) VALUES (?, ?, ?, ?, ?)",
  openTurn: "INSERT INTO open_turns (conversation, turn) VALUES (?, ?)",
  endTurn: "DELETE FROM open_turns WHERE conversation = ? AND turn = ?",
  advance: "UPDATE conversations SET n = ?, updated_at = ? WHERE id = ?",
  advanceNamed: "UPDATE conversations SET n = ?, updated_at = ?, title = ?, search = ? WHERE id = ?",
  after: `SELECT body FROM entries WHERE conversation = (SELECT id FROM conversations WHERE name = ?) AND n > ?
          ORDER BY n LIMIT ?`,
  newest: `SELECT body FROM entries WHERE conversation = (SELECT id FROM conversations WHERE name = ?) AND n < ?
           ORDER BY n DESC LIMIT ?`,
  turn: `SELECT body FROM entries WHERE conversation = (SELECT id FROM conversations WHERE name = ?) AND turn = ?
         ORDER BY n`,
  prompt:
    "SELECT n FROM prompts WHERE conversation = (SELECT id FROM conversations WHERE name = ?) AND prompt_id = ?",
  addNote: "INSERT INTO notes (about, key, conversation, n) VALUES (?, ?, ?, ?)",
  notes: `SELECT body FROM notes CROSS JOIN entries ON entries.conversation = notes.conversation AND entries.n = notes.n
          WHERE notes.conversation = (SELECT id FROM conversations WHERE name = ?) AND about = ? ORDER BY notes.n`,
  found: `SELECT name AS conversation, body AS note
          FROM (SELECT conversation, max(n) AS n FROM notes WHERE about = ? AND key = ? GROUP BY conversation) AS newest
          CROSS JOIN conversations ON conversations.id = newest.conversation
          CROSS JOIN entries ON entries.conversation = newest.conversation AND entries.n = newest.n`,
  open: `SELECT name AS conversation, turn FROM open_turns CROSS JOIN conversations ON id = open_turns.conversation
         ORDER BY open_turns.conversation, turn`,
  list: `SELECT name AS id, title, updated_at AS updatedAt, n AS entries FROM conversations
         WHERE n > 0 AND updated_at <= ?1 AND (updated_at < ?1 OR name > ?2) AND instr(search, ?3)
         ORDER BY updated_at DESC, name LIMIT ?4`,
} as const;

interface ConversationRow {
  readonly id: number;
  readonly log: string;
  readonly term: number;
  readonly n: number;
  readonly titled: boolean;
}

export interface SqliteOperations {
  /** Inside a transaction. A refusal has changed nothing; what is thrown spoils the transaction. */
  write(request: SqliteWrite): SqliteOutcome;
  read(request: Exclude<SqliteRequest, SqliteWrite>): SqliteAnswer;
}

/** The requests as statements on an open database. */
export const createSqliteOperations = (db: DatabaseSync): SqliteOperations => {
  const prepare = (sql: string) => db.prepare(sql);
  const run = {
    conversation: prepare(statements.conversation),
    create: prepare(statements.create),
    raiseTerm: prepare(statements.raiseTerm),
    hasPrompt: prepare(statements.hasPrompt),
    addPrompt: prepare(statements.addPrompt),
    addEntry: prepare(statements.addEntry),
    openTurn: prepare(statements.openTurn),
    endTurn: prepare(statements.endTurn),
    advance: prepare(statements.advance),
    advanceNamed: prepare(statements.advanceNamed),
    after: prepare(statements.after),
    newest: prepare(statements.newest),
    turn: prepare(statements.turn),
    prompt: prepare(statements.prompt),
    addNote: prepare(statements.addNote),
    notes: prepare(statements.notes),
    found: prepare(statements.found),
    open: prepare(statements.open),
    list: prepare(statements.list),
  };
  const find = (name: string): ConversationRow | undefined => {
    const row = run.conversation.get(name);
    return (
      row && {
        id: Number(row["id"]),
        log: String(row["log"]),
        term: Number(row["term"]),
        n: Number(row["n"]),
        titled: row["title"] !== "",
      }
    );
  };

  const lead = (request: Extract<SqliteRequest, { op: "lead" }>): SqliteOutcome => {
    const known = find(request.conversation);
    if (known) {
      const term = known.term + 1;
      run.raiseTerm.run(term, known.id);
      return fine({ log: known.log, term, n: known.n });
    }
    if (request.log === undefined) return fine(undefined);
    run.create.run(request.conversation, request.log, searchableIn("", request.conversation));
    return fine({ log: request.log, term: 1, n: 0 });
  };

  const append = (request: Extract<SqliteRequest, { op: "append" }>): SqliteOutcome => {
    const known = find(request.conversation);
    if (!known || request.term < known.term || request.expected !== known.n + 1) return stale;
    const { id } = known;
    const { turns, kinds, bodies, prompts, notes } = request.rows;
    if (prompts.length > 1 && new Set(prompts.map((prompt) => prompt.id)).size < prompts.length) return taken;
    if (prompts.some((prompt) => run.hasPrompt.get(id, prompt.id) !== undefined)) return taken;

    const n = known.n + bodies.length;
    // Before their ends, which may come with them.
    for (const { at, id: promptId } of prompts) {
      run.addPrompt.run(id, promptId, request.expected + at);
      run.openTurn.run(id, request.expected + at);
    }
    for (const [at, body] of bodies.entries()) {
      const kind = kinds[at] ?? "";
      const turn = turns[at] ?? null;
      run.addEntry.run(id, request.expected + at, turn, kind, body);
      if (kind === "turn-end") run.endTurn.run(id, turn);
    }
    for (const { at, about, key } of notes) run.addNote.run(about, key, id, request.expected + at);
    const named = known.titled ? undefined : prompts.find(({ title }) => title !== "");
    if (named) run.advanceNamed.run(n, request.at, named.title, named.search, id);
    else if (bodies.length > 0) run.advance.run(n, request.at, id);
    return fine(undefined);
  };

  return {
    write: (request) => (request.op === "lead" ? lead(request) : append(request)),
    read(request) {
      switch (request.op) {
        case "after":
          return joined(
            shortPage(
              bodiesOf(run.after.iterate(request.conversation, request.after, request.limit)),
              request.chars,
            ),
          );
        case "newest":
          return joined(
            shortPage(
              bodiesOf(run.newest.iterate(request.conversation, request.before, request.limit)),
              request.chars,
            ).toReversed(),
          );
        case "turn":
          return bodies(run.turn.all(request.conversation, request.turn));
        case "prompt":
          return numberOf(run.prompt.get(request.conversation, request.id), "n");
        case "notes":
          return bodies(run.notes.all(request.conversation, request.about));
        case "found":
          return run.found
            .all(request.about, request.key)
            .map((row) => ({ conversation: String(row["conversation"]), note: String(row["note"]) }));
        case "open":
          return run.open
            .all()
            .map((row) => ({ conversation: String(row["conversation"]), turn: Number(row["turn"]) }));
        case "list":
          return run.list.all(request.before, request.beforeId, request.query, request.limit).map((row) => ({
            id: String(row["id"]),
            title: String(row["title"]),
            updatedAt: Number(row["updatedAt"]),
            entries: Number(row["entries"]),
          }));
        case "close":
          return undefined;
        default:
          return request satisfies never;
      }
    },
  };
};

const fine = (value: SqliteAnswer): SqliteOutcome => ({ ok: true, value });
const stale: SqliteOutcome = { ok: false, code: "stale_writer", why: "another term or number" };
const taken: SqliteOutcome = { ok: false, code: "prompt_id_taken", why: "the prompt id is there already" };

type Row = Record<string, SQLOutputValue>;
const numberOf = (row: Row | undefined, column: string): number | undefined => row && Number(row[column]);
const bodyOf = (row: Row): string => String(row["body"]);
const joined = (found: readonly string[]): string => `[${found.join(",")}]`;
const bodies = (found: Row[]): string => joined(found.map(bodyOf));
function* bodiesOf(rows: Iterable<Row>): Iterable<string> {
  for (const row of rows) yield bodyOf(row);
}
