import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { LiveJournal } from "./live-journal.ts";
import { createLiveTexts, journalled, type LiveTexts } from "./live-texts.ts";

/**
 * A journal that is gone with the process: for tests, and for embedding beside a memory store. Hand the same `texts` to
 * the next journal to play a restart.
 */
export const createMemoryJournal = (texts: LiveTexts = createLiveTexts()): LiveJournal => {
  let open = false;
  return {
    async start() {
      open = true;
      return [...texts.all()].map(journalled);
    },
    async write(records) {
      if (!open) throw new ColloquyError("store_unavailable");
      for (const record of records) texts.apply(record);
    },
    forget(conversation, turn) {
      texts.forget(conversation, turn);
    },
    async close() {
      open = false;
    },
  };
};
