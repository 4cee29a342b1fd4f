import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { RelayRequest } from "./conversations.ts";

/** How many message ids that are no prompt's are remembered. */
const remembered = 256;

/**
 * Lets relayed frames pass in the order in which they came, but for those whose message id belongs to a prompt: nobody may
 * put words into an answer of ours. An id is looked up once; the frames of a stream all carry the same.
 */
export class RelayGate {
  readonly #isPrompt: (id: string) => Promise<boolean>;
  readonly #pass: (request: RelayRequest) => void;
  /** Ids that are no prompt's, the newest last. */
  readonly #free = new Set<string>();
  /** Ids that prompts took while look-ups were under way, which may not have seen it. */
  readonly #justTaken = new Set<string>();
  /** The newest look-up under way. */
  #looking: Promise<void> | undefined;

  constructor(isPrompt: (id: string) => Promise<boolean>, pass: (request: RelayRequest) => void) {
    this.#isPrompt = isPrompt;
    this.#pass = pass;
  }

  /** @throws ColloquyError `message_id_taken` */
  async publish(request: RelayRequest): Promise<void> {
    const id = request.form === "payload" ? request.messageId : undefined;
    if (id !== undefined && !this.#free.has(id)) this.#looking = this.#lookUp(id, this.#looking);
    const looking = this.#looking;
    if (looking) {
      await looking.finally(() => {
        if (this.#looking !== looking) return;
        this.#looking = undefined;
        this.#justTaken.clear();
      });
      if (id !== undefined && !this.#free.has(id)) throw new ColloquyError("message_id_taken");
    }
    this.#pass(request);
  }

  /** A prompt has taken this id. */
  forget(id: string): void {
    this.#free.delete(id);
    if (this.#looking) this.#justTaken.add(id);
  }

  async #lookUp(id: string, before: Promise<void> | undefined): Promise<void> {
    const taken = await this.#isPrompt(id);
    await before;
    if (taken || this.#justTaken.has(id)) return;
    this.#free.add(id);
    const [oldest] = this.#free;
    if (this.#free.size > remembered && oldest !== undefined) this.#free.delete(oldest);
  }
}
