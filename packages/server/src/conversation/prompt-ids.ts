import type { PromptEntry } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Store } from "../stores/store.ts";

/** A prompt that is on its way to the store, or was just stored. */
interface Claim {
  readonly author: string;
  readonly text: string;
  readonly stored: Promise<PromptEntry>;
  settled: boolean;
}

/** A prompt about which it is not decided whether it becomes a turn. */
interface Arrival {
  readonly id: string;
  readonly user: string;
  readonly decided: Promise<unknown>;
}

/** How many prompts that were stored are remembered: more than can overtake a look-up that is under way. */
const remembered = 256;

/**
 * Keeps prompt ids unique in their conversation, for ever (P6): prompts on their way to the store are known here, all
 * others by the store's index.
 */
export class PromptIds {
  readonly #conversation: string;
  readonly #store: Store;
  readonly #claims = new Map<string, Claim>();
  readonly #arrivals = new Set<Arrival>();

  constructor(conversation: string, store: Store) {
    this.#conversation = conversation;
    this.#store = store;
  }

  /** Notes that a prompt has come, until it is decided. Gives back what decides it. */
  deciding<T>(id: string, user: string, decided: Promise<T>): Promise<T> {
    const arrival = { id, user, decided };
    this.#arrivals.add(arrival);
    return decided.finally(() => this.#arrivals.delete(arrival));
  }

  /** Resolves when the prompts of this id that have come are decided; without an id all prompts of this user. */
  async decided(id: string | undefined, user: string): Promise<void> {
    const awaited = [...this.#arrivals].filter((one) =>
      id === undefined ? one.user === user : one.id === id,
    );
    await Promise.allSettled(awaited.map((one) => one.decided));
  }

  /** The stored prompt of this id. Says nothing of one that is on its way; see {@link claimed}. */
  async stored(id: string): Promise<PromptEntry | undefined> {
    const n = await this.#store.findPrompt(this.#conversation, id);
    if (n === undefined) return undefined;
    const [entry] = await this.#store.readAfter(this.#conversation, n - 1, 1);
    return entry?.kind === "prompt" ? entry : undefined;
  }

  /** Resolves when the prompt that holds this id is stored; undefined when none does. */
  claimed(id: string, author: string, text: string): Promise<PromptEntry> | undefined {
    const claim = this.#claims.get(id);
    if (claim) assertSame(claim, author, text);
    return claim?.stored;
  }

  /** Remembers a prompt while it is stored and for a while after; forgets it if it is refused. */
  claim(id: string, author: string, text: string, stored: Promise<PromptEntry>): void {
    const claim: Claim = { author, text, stored, settled: false };
    this.#claims.set(id, claim);
    stored.then(
      () => {
        claim.settled = true;
        // Many at a time: what was deleted at the front of a map is passed over again and again.
        if (this.#claims.size < 2 * remembered) return;
        for (const [old, { settled }] of this.#claims) {
          if (this.#claims.size <= remembered || !settled) return;
          this.#claims.delete(old);
        }
      },
      () => this.#claims.delete(id),
    );
  }
}

/** @throws ColloquyError `prompt_id_taken` when a repeated id comes with another author or text */
export const assertSame = (
  known: { readonly author: string; readonly text: string },
  author: string,
  text: string,
): void => {
  if (known.author !== author || known.text !== text) throw new ColloquyError("prompt_id_taken");
};
