import type { AnswerEntry, Entry, TurnEndEntry } from "@colloquy/protocol";
import type { Sighting } from "./witness.ts";

/** What many readers saw of one conversation, and what its log says in the end. */
export interface History {
  readonly log: readonly Entry[];
  readonly witnesses: readonly {
    readonly name: string;
    readonly seen: readonly Sighting[];
    readonly accepted: ReadonlySet<string>;
    readonly retold: ReadonlySet<string>;
  }[];
  /** Prompts that somebody sent: id to text. */
  readonly sent: ReadonlyMap<string, string>;
}

/** Every way in which a history breaks a promise, as sentences; none when it holds. */
export const verify = (history: History): readonly string[] => {
  const faults: string[] = [];
  const { log } = history;
  log.forEach((entry, i) => {
    if (entry.n !== i + 1) faults.push(`P2: entry ${entry.n} stands at place ${i + 1}`);
  });
  const prompts = new Map(
    log.flatMap((entry) => (entry.kind === "prompt" ? [[entry.id, entry] as const] : [])),
  );
  if (prompts.size !== log.filter((entry) => entry.kind === "prompt").length)
    faults.push("P6: a prompt id stands twice in the log");
  const ends = new Map<number, TurnEndEntry>();
  const answers = Map.groupBy(
    log.filter((entry): entry is AnswerEntry => entry.kind === "answer"),
    (entry) => entry.turn,
  );
  for (const entry of log) {
    if (entry.kind !== "turn-end") continue;
    if (ends.has(entry.turn)) faults.push(`P3: turn ${entry.turn} ends twice`);
    ends.set(entry.turn, entry);
  }
  for (const [id, prompt] of prompts) {
    if (!ends.has(prompt.n)) faults.push(`P3: the turn of ${id} has no end`);
    if (history.sent.get(id) !== prompt.text) faults.push(`P6: ${id} stands in the log with another text`);
  }
  const textOf = (id: string): string =>
    (answers.get(prompts.get(id)?.n ?? 0) ?? []).map((answer) => answer.text).join("");
  for (const witness of history.witnesses) {
    for (const id of witness.accepted)
      if (!prompts.has(id)) faults.push(`P1: ${id} was accepted and is not in the log`);
    faults.push(
      ...verifyWitness(witness.seen, log, textOf, witness.retold).map((fault) => `${witness.name}: ${fault}`),
    );
  }
  return faults;
};

const verifyWitness = (
  seen: readonly Sighting[],
  log: readonly Entry[],
  textOf: (id: string) => string,
  retold: ReadonlySet<string>,
): string[] => {
  const faults: string[] = [];
  const texts = new Map<string, string>();
  const told = new Set<string>();
  const ended = new Set<string>();
  let last = 0;
  let lastSession = 0;
  for (const one of seen) {
    switch (one.kind) {
      case "subscribed":
        if (one.resumed && !one.recovered) faults.push("P4: its own cursor was not honoured");
        break;
      case "entry": {
        const { entry } = one;
        if (JSON.stringify(log[entry.n - 1]) !== JSON.stringify(entry))
          faults.push(`P2: entry ${entry.n} is not what the log has`);
        // A moment that is cut in two is told again on the next connection, from its first frame.
        const again = entry.n === last && one.session !== lastSession;
        if (last !== 0 && entry.n !== last + 1 && !again) faults.push(`P2: entry ${entry.n} after ${last}`);
        last = entry.n;
        lastSession = one.session;
        if (entry.kind === "prompt") told.add(entry.id);
        break;
      }
      case "status":
        told.add(one.id);
        if (ended.has(one.id) && !retold.has(one.id))
          faults.push(`P3: ${one.status} of ${one.id} after its end`);
        break;
      case "text": {
        const had = texts.get(one.id) ?? "";
        if (!told.has(one.id)) faults.push(`P8: text of ${one.id}, of which it had not been told`);
        // Asked again, it is told the text from the start once more: the same text.
        if (retold.has(one.id) && had.startsWith(one.delta, one.offset) && !one.reset) break;
        if (ended.has(one.id) && !retold.has(one.id)) faults.push(`P3: text of ${one.id} after its end`);
        const fits = retold.has(one.id)
          ? had.slice(one.offset) === one.delta.slice(0, had.length - one.offset)
          : one.offset === had.length;
        if (one.offset > had.length || !(one.reset || fits)) {
          faults.push(`P4: text of ${one.id} at ${one.offset}, but it has ${had.length}`);
        }
        texts.set(one.id, had.slice(0, one.offset) + one.delta);
        break;
      }
      case "end":
        if (ended.has(one.id) && !retold.has(one.id)) faults.push(`P3: a second end of ${one.id}`);
        ended.add(one.id);
        if ((texts.get(one.id) ?? "") !== textOf(one.id)) {
          faults.push(
            `P4: has ${JSON.stringify(texts.get(one.id) ?? "")} of ${one.id}, but the log ${JSON.stringify(textOf(one.id))}`,
          );
        }
        if (one.text !== undefined && one.text !== textOf(one.id))
          faults.push(`P4: the end of ${one.id} says another text than the log`);
        break;
    }
  }
  return faults;
};
