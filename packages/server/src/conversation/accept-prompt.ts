import type { NewEntry, PromptEntry, PromptFile } from "@colloquy/protocol";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";
import type { Assistant } from "../turn/assistant.ts";
import type { ActiveTurn } from "./active-turn.ts";
import type { Lane } from "./lane.ts";
import { isForgotten } from "./late-notes.ts";
import type { LogLead } from "./log-lead.ts";
import type { PromptIds } from "./prompt-ids.ts";

/** What somebody asks, with nothing left to be decided but its place. */
export interface AskedPrompt {
  readonly id: string;
  readonly author: string;
  readonly text: string;
  readonly files: readonly PromptFile[] | undefined;
}

interface AcceptScene {
  readonly lane: Lane;
  readonly lead: LogLead;
  readonly ids: PromptIds;
  readonly now: () => number;
  /** Whether the asker may stop a turn that is in the way. */
  readonly mayStop: (turn: ActiveTurn) => boolean;
}

/** Takes a place for a prompt, makes it durable (P1), and lets its turn run or wait there; gives the place back if it cannot be. */
export const acceptPrompt = async (
  { id, author, text, files }: AskedPrompt,
  assistant: Assistant,
  { lane, lead, ids, now, mayStop }: AcceptScene,
): Promise<PromptEntry> => {
  const { writer } = lead;
  const place = lane.reserve(assistant);
  try {
    if (place === "interrupt" && !lane.holders().every(mayStop)) throw new ColloquyError("not_allowed");
    const at = now();
    const about = { id, author, text, assistant: assistant.id, at };
    const prompt = { kind: "prompt" as const, ...about, ...(files && files.length > 0 && { files }) };
    const stored = writer.append((n): readonly NewEntry[] =>
      place === "run" ? [prompt, { kind: "note", about: "attempt", attempt: 1, turn: n, at }] : [prompt],
    );
    const numbered = stored.then(([entry]): PromptEntry => ({ ...prompt, n: entry?.n ?? 0 }));
    ids.claim(id, author, text, numbered);
    const entry = await numbered;
    // Asked anew: one that was stored just before this one has begun meanwhile. What cannot be ended has been logged.
    const others = place === "interrupt" ? lane.holders().filter(mayStop) : [];
    lane.take(place, entry, assistant);
    if (place === "interrupt") {
      const reason = new ColloquyError("cancelled", { detail: author });
      for (const turn of others) lane.stop(turn, reason).catch(() => {});
    }
    return entry;
  } catch (thrown) {
    lane.giveBack(place);
    // Somebody else became the writer: the next prompt takes over again, from the head as it is then.
    if (isForgotten(thrown)) {
      lead.lost();
      lane.giveUp(toColloquyError(thrown));
    }
    throw thrown;
  }
};
