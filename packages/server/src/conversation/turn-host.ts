import type { Entry, NewEntry, PromptEntry, TurnEndEntry } from "@colloquy/protocol";
import type { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Meter } from "../kernel/meter.ts";
import type { Exchange, ModelRequest } from "../models/model.ts";
import type { Assistant } from "../turn/assistant.ts";
import { buildMessages } from "../turn/request.ts";
import { runTurn } from "../turn/run-turn.ts";
import type { TurnState } from "../turn/turn-state.ts";
import type { ActiveTurn } from "./active-turn.ts";
import type { Audience } from "./audience.ts";
import type { LaneHost } from "./lane.ts";
import { LiveText } from "./live-text.ts";
import { RecentExchanges } from "./recent-exchanges.ts";
import type { Surroundings } from "./surroundings.ts";

/** Entries that are read back at a time to find exchanges for a request. */
const readBackLength = 50;

/** Runs the turns of one conversation: joins the turn's machinery to the audience, the writer and the journal. */
export class TurnHost implements LaneHost {
  readonly #conversation: string;
  readonly #with: Surroundings;
  readonly #audience: Audience;
  readonly #append: (entries: readonly NewEntry[]) => Promise<unknown>;
  #exchanges: RecentExchanges;
  /** Texts of turns that are to be run again. */
  readonly #restored = new Map<number, LiveText>();

  constructor(
    conversation: string,
    surroundings: Surroundings,
    audience: Audience,
    appendSurely: (entries: readonly NewEntry[]) => Promise<unknown>,
  ) {
    this.#conversation = conversation;
    this.#with = surroundings;
    this.#audience = audience;
    this.#append = appendSurely;
    this.#exchanges = this.#exchangesOf(false);
  }

  /** The conversation was opened. @param fresh its log is empty */
  opened(fresh: boolean): void {
    this.#exchanges = this.#exchangesOf(fresh);
  }

  /** Entries that have just become durable. */
  added(entries: readonly Entry[]): void {
    this.#exchanges.add(entries);
    for (const entry of entries) if (entry.kind === "turn-end") this.#logFailure(entry);
  }

  /** The turn has a text already, which readers have and which its next attempt is compared with. */
  restore(turn: number, text: LiveText): void {
    this.#restored.set(turn, text);
  }

  appendSurely(entries: readonly NewEntry[]): Promise<unknown> {
    return this.#append(entries);
  }

  now(): number {
    return this.#with.clock.now();
  }

  async run(turn: ActiveTurn, attempt: number): Promise<void> {
    const { prompt, assistant, controller } = turn;
    const { clock, deadlines, meter } = this.#with;
    const text = this.#restored.get(prompt.n) ?? new LiveText(this.#conversation, prompt.n);
    this.#restored.delete(prompt.n);
    this.#audience.begin(prompt.n, prompt.id, text);
    const resetsBefore = text.resetsMade.length;
    await runTurn({
      turn: prompt.n,
      attempt,
      model: assistant.model,
      limits: assistant.limits,
      request: () => this.#request(prompt, assistant),
      text,
      grown: () => this.#audience.grown(text),
      append: async (entries) => void (await this.#append(entries)),
      controller,
      deadlines,
      clock,
    });
    meter.resets += text.resetsMade.length - resetsBefore;
    this.over(prompt.n);
  }

  /** The end of a turn is durable. */
  over(turn: number): void {
    const { journal, hooks, store, logger } = this.#with;
    journal.forget(this.#conversation, turn);
    this.#audience.ended();
    if (!hooks?.afterTurn) return;
    const tell = async (): Promise<void> => {
      const entries = await store.readTurn(this.#conversation, turn);
      await hooks.afterTurn?.({ conversation: this.#conversation, entries });
    };
    tell().catch((thrown: unknown) =>
      logger.error({ err: thrown, conversation: this.#conversation }, "hook afterTurn failed"),
    );
  }

  moved(from: TurnState | undefined, to: TurnState | undefined): void {
    if (from && from.phase !== "ended") this.#with.meter[from.phase] -= 1;
    if (to) this.#with.meter[counterOf(to)] += 1;
  }

  failed(turn: ActiveTurn, error: ColloquyError): void {
    this.#with.logger.error(
      { err: error, conversation: this.#conversation, turn: turn.prompt.n },
      "a turn was given up: its end cannot be stored",
    );
  }

  /** People are shown a sentence; what the provider said is for whoever runs the server. */
  #logFailure({ turn, end, code, detail, model }: TurnEndEntry): void {
    if (end !== "failed") return;
    this.#with.logger.warn({ conversation: this.#conversation, turn, model, code, detail }, "a turn failed");
  }

  async #request(prompt: PromptEntry, assistant: Assistant): Promise<ModelRequest> {
    const exchanges: Exchange[] = [];
    if (assistant.contextExchanges !== undefined) {
      for await (const exchange of this.#exchanges.before(prompt.n)) {
        if (exchanges.length === assistant.contextExchanges) break;
        exchanges.push(exchange);
      }
    }
    const write = (entry: NewEntry): void => {
      this.#append([entry]).catch((thrown: unknown) => {
        this.#with.logger.warn(
          { err: thrown, conversation: this.#conversation },
          "a note could not be stored",
        );
      });
    };
    return {
      conversation: this.#conversation,
      turn: prompt.n,
      promptId: prompt.id,
      author: prompt.author,
      ...(assistant.instructions !== undefined && { instructions: assistant.instructions }),
      messages: await buildMessages(prompt, assistant, this.#exchanges.before(prompt.n)),
      exchanges,
      note: (about, data) => write({ kind: "note", turn: prompt.n, at: this.now(), about, data }),
      reply: (model, text) =>
        write({ kind: "reply", turn: prompt.n, at: this.now(), model, text: text.toWellFormed() }),
    };
  }

  #exchangesOf(fresh: boolean): RecentExchanges {
    const { store } = this.#with;
    return new RecentExchanges(
      (before) => store.readNewest(this.#conversation, readBackLength, before),
      fresh,
    );
  }
}

const counterOf = (
  state: TurnState,
): keyof Pick<Meter, "queued" | "running" | "waiting" | "completed" | "failed" | "cancelled"> =>
  state.phase === "ended" ? state.end : state.phase;
