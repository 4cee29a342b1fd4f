import type { Code } from "@colloquy/protocol";
import type { Principal } from "../../auth/principal.ts";
import type { Conversations } from "../../conversation/conversations.ts";
import { sleep, type Clock } from "../../kernel/clock.ts";
import { toColloquyError } from "../../kernel/colloquy-error.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/logger.ts";

export interface PromptFeederOptions {
  readonly conversations: Pick<Conversations, "prompt">;
  readonly principal: Principal;
  readonly conversation: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly limits: { readonly waiting: number; readonly waitMs: number };
  /** A prompt is stored, or given up; it has so many bytes. */
  readonly done: (bytes: number, accepted: boolean) => void;
}

/** Nobody hears our refusals, so what may pass is waited for. */
const passing: ReadonlySet<Code> = new Set<Code>([
  "queue_full",
  "turn_running",
  "rate_limited",
  "store_unavailable",
]);

const againMs = 100;

/** Gives prompts to a conversation one after the other, in the order in which they are added. */
export const createPromptFeeder = (options: PromptFeederOptions) => {
  const { clock, limits, logger, done } = options;
  const waiting: { readonly text: string; readonly bytes: number; readonly since: number }[] = [];
  const controller = new AbortController();
  let feeding: Promise<void> | undefined;

  /** Resolves once it is stored; throws when it is given up. */
  const give = async (text: string, since: number): Promise<void> => {
    const promptId = options.ids.next();
    for (;;) {
      try {
        await options.conversations.prompt(options.principal, options.conversation, { text, promptId });
        return;
      } catch (thrown) {
        const error = toColloquyError(thrown);
        if (!passing.has(error.code) || clock.monotonic() - since > limits.waitMs) throw error;
      }
      await sleep(againMs, clock, controller.signal);
    }
  };

  const feed = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { text, bytes, since } = next;
      try {
        await give(text, since);
        done(bytes, true);
      } catch (thrown) {
        const { code } = toColloquyError(thrown);
        logger.warn({ code, conversation: options.conversation, bytes }, "a prompt from a breakout is lost");
        done(bytes, false);
      }
    }
    feeding = undefined;
  };

  return {
    /** False when too many are waiting. */
    add(text: string, bytes: number): boolean {
      if (controller.signal.aborted || waiting.length >= limits.waiting) return false;
      waiting.push({ text, bytes, since: clock.monotonic() });
      feeding ??= feed();
      return true;
    },
    /** Gives up what waits; resolves when the one that is being stored is. */
    async close(): Promise<void> {
      controller.abort();
      for (const { bytes } of waiting.splice(0)) done(bytes, false);
      await feeding;
    },
  };
};
