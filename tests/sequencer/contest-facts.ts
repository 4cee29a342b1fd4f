import type { Entry } from "@colloquy/protocol";

/** What a log says became of one prompt. */
export interface ContestFacts {
  readonly id: string;
  readonly turn: number;
  readonly text: string;
  readonly answers: string[];
  /** The codes of its ends, or `completed`. */
  readonly ends: string[];
  readonly late: string[];
}

/** Reads off a log what became of each prompt, by its id. */
export const contestFacts = (entries: Iterable<Entry>): ReadonlyMap<string, ContestFacts> => {
  const byId = new Map<string, ContestFacts>();
  const byTurn = new Map<number, ContestFacts>();
  for (const entry of entries) {
    if (entry.kind === "prompt") {
      const { id, n: turn, text } = entry;
      if (byId.has(id)) throw new Error(`P6: the log has prompt ${id} twice`);
      const facts: ContestFacts = { id, turn, text, answers: [], ends: [], late: [] };
      byId.set(id, facts);
      byTurn.set(turn, facts);
      continue;
    }
    const facts = entry.turn === undefined ? undefined : byTurn.get(entry.turn);
    if (!facts) throw new Error(`entry ${entry.n} belongs to no prompt before it`);
    if (entry.kind === "answer") facts.answers.push(entry.text);
    else if (entry.kind === "turn-end") facts.ends.push(entry.code ?? entry.end);
    else if (entry.kind === "note" && entry.about === "late-reply")
      facts.late.push(String(entry.data?.["text"]));
  }
  return byId;
};
