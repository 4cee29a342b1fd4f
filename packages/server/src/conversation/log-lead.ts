import type { Entry } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { LogHead } from "../stores/store.ts";
import type { Surroundings } from "./surroundings.ts";
import { Writer } from "./writer.ts";

interface LeadEvents {
  /** We have the lead: what must be known of the log before anybody acts on it is read now. */
  readonly learn?: () => Promise<void>;
  /** We are the writer from now on. */
  readonly led: (head: LogHead) => void;
  /** Entries have just become durable, in order. */
  readonly added: (entries: readonly Entry[]) => void;
  /** After `added`: entries that are durable although whoever handed them in was refused. */
  readonly found: (entries: readonly Entry[]) => void;
}

/** The lead in a conversation's log: asked for once, when somebody needs it, and again after it was lost to another. */
export class LogLead {
  readonly #conversation: string;
  readonly #with: Surroundings;
  readonly #events: LeadEvents;
  #log = "";
  #writer: Writer | undefined;
  #opening: Promise<boolean> | undefined;

  constructor(conversation: string, surroundings: Surroundings, events: LeadEvents) {
    this.#conversation = conversation;
    this.#with = surroundings;
    this.#events = events;
  }

  /** Random id of the log; empty before it was opened. */
  get log(): string {
    return this.#log;
  }

  /** Throws unless the conversation was opened. */
  get writer(): Writer {
    if (!this.#writer)
      throw new ColloquyError(this.#log === "" ? "internal" : "stale_writer", {
        detail: "conversation is not open",
      });
    return this.#writer;
  }

  /** Becomes the writer; false when the conversation does not exist and is not to be created. */
  async open(create: boolean): Promise<boolean> {
    while (this.#opening) if (await this.#opening) return true;
    if (this.#writer) return true;
    this.#opening = this.#take(create);
    try {
      return await this.#opening;
    } finally {
      this.#opening = undefined;
    }
  }

  /** Somebody else became the writer: the next one who opens takes over again, from the head as it is then. */
  lost(): void {
    this.#writer = undefined;
  }

  async #take(create: boolean): Promise<boolean> {
    const { store, clock, logger, meter, closing } = this.#with;
    const conversation = this.#conversation;
    const head = await store.lead(conversation, create);
    if (!head) return false;
    const { added, found, led, learn } = this.#events;
    await learn?.();
    const options = { conversation, head, store, clock, logger, meter, signal: closing };
    this.#writer = new Writer({ ...options, added, found });
    this.#log = head.log;
    led(head);
    return true;
  }
}
