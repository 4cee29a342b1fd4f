import type { NewEntry } from "@colloquy/protocol";
import { ColloquyError, toColloquyError } from "../kernel/colloquy-error.ts";

/** What writes into a conversation's log now. */
interface Log {
  open(create: false): Promise<boolean>;
  write(entries: readonly NewEntry[]): Promise<void>;
}

/** Notes of turns whose conversation was forgotten meanwhile, as late replies of models are: it is opened again for them. */
export type LateNotes = (conversation: string, note: NewEntry) => Promise<void>;

/** So many may be on their way; those beyond are refused with `queue_full`. */
const most = 256;

/** @param get the conversation as it is now */
export const createLateNotes = (get: (conversation: string) => Log): LateNotes => {
  let underWay = 0;
  return async (conversation, note) => {
    if (underWay >= most) throw new ColloquyError("queue_full", { detail: `${most} late notes` });
    underWay += 1;
    try {
      const log = get(conversation);
      if (await log.open(false)) await log.write([note]);
    } finally {
      underWay -= 1;
    }
  };
};

/** Whether a log has another writer than the one that was asked. */
export const isForgotten = (thrown: unknown): boolean => toColloquyError(thrown).code === "stale_writer";
