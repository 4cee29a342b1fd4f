import type { Entry, NewEntry, TurnEndEntry } from "@colloquy/protocol";
import type { ColloquyError } from "../kernel/colloquy-error.ts";
import type { Meter } from "../kernel/meter.ts";
import type { Tool } from "../tools/tool.ts";
import { cancelledResults } from "../turn/call-states.ts";
import { endEntry, runTurn, type Ask } from "../turn/run-turn.ts";
import { spentBefore } from "../turn/spending.ts";
import type { TurnState } from "../turn/turn-state.ts";
import type { ActiveTurn } from "./active-turn.ts";
import type { Audience } from "./audience.ts";
import type { LaneHost } from "./lane-host.ts";
import { isForgotten } from "./late-notes.ts";
import { LiveText } from "./live-text.ts";
import { OpenCalls } from "./open-calls.ts";
import { RecentExchanges } from "./recent-exchanges.ts";
import { unsealedText } from "./sealed-text.ts";
import type { Surroundings } from "./surroundings.ts";
import { prepareRequest, withWaiting } from "./turn-request.ts";
import type { MakeEntries } from "./writer.ts";

/** How entries come into the log: `append` is refused while the store fails, `appendSurely` tries again. */
interface LogPen {
  append(make: MakeEntries): Promise<unknown>;
  appendSurely(entries: readonly NewEntry[] | MakeEntries): Promise<unknown>;
}

/** Entries that are read back at a time to find exchanges for a request. */
const readBackLength = 50;
/** And how long they may be: some hold files, which later requests hardly need. */
const readBackChars = 1024 * 1024;

/** Runs the turns of one conversation: joins the turn's machinery to the audience, the writer and the journal. */
export class TurnHost implements LaneHost {
  readonly #conversation: string;
  readonly #with: Surroundings;
  readonly #audience: Audience;
  readonly #append: LogPen["appendSurely"];
  /** Turns that have not ended, and their calls. */
  readonly calls: OpenCalls;
  #exchanges: RecentExchanges;
  /** Texts of turns that are to be run again, or run on. */
  readonly #restored = new Map<number, LiveText>();

  /** @param decided nothing of a turn's calls is awaited any more */
  constructor(
    conversation: string,
    surroundings: Surroundings,
    audience: Audience,
    pen: LogPen,
    decided: (turn: ActiveTurn) => void,
  ) {
    this.#conversation = conversation;
    this.#with = surroundings;
    this.#audience = audience;
    this.#append = (entries) => pen.appendSurely(entries);
    const append = (make: MakeEntries): Promise<unknown> => pen.append(make);
    this.calls = new OpenCalls({ conversation, surroundings, append, appendSurely: this.#append, decided });
    this.#exchanges = this.#exchangesOf(false);
  }

  /** The conversation was opened. @param fresh its log is empty */
  opened(fresh: boolean): void {
    this.#exchanges = this.#exchangesOf(fresh);
  }

  /** Entries that have just become durable. */
  added(entries: readonly Entry[]): void {
    this.#exchanges.add(entries);
    this.calls.added(entries);
    for (const entry of entries) if (entry.kind === "turn-end") this.#logFailure(entry);
  }

  /** The turn has a text already, which readers have. */
  restore(turn: number, text: LiveText): void {
    this.#restored.set(turn, text);
  }

  appendSurely(entries: readonly NewEntry[]): Promise<unknown> {
    return this.#append(entries);
  }

  now(): number {
    return this.#with.clock.now();
  }

  async run(turn: ActiveTurn, attempt: number): Promise<"ended" | "waiting"> {
    const { prompt, assistant, controller, entries } = turn;
    const { clock, deadlines, meter } = this.#with;
    const text = this.#restored.get(prompt.n) ?? new LiveText(this.#conversation, prompt.n);
    this.#restored.delete(prompt.n);
    this.#audience.begin(prompt, text);
    const resetsBefore = text.resetsMade.length;
    const outcome = await runTurn({
      conversation: this.#conversation,
      turn: prompt.n,
      attempt,
      user: prompt.author,
      assistant,
      prepare: (tools) => this.#prepare(turn, tools),
      text,
      grown: () => this.#audience.grown(text),
      log: {
        entries,
        append: async (made) => void (await this.#append(stillOurs(turn, made))),
        end: (make) => this.calls.end(turn, () => stillOurs(turn, make())),
      },
      controller,
      deadlines,
      clock,
    });
    meter.resets += text.resetsMade.length - resetsBefore;
    if (outcome === "waiting") {
      this.#restored.set(prompt.n, text);
      this.#audience.rest(prompt.n);
    } else this.over(prompt.n);
    return outcome;
  }

  async close(turn: ActiveTurn, reason: ColloquyError): Promise<void> {
    const { prompt, assistant, entries, state } = turn;
    const at = this.now();
    const text = this.#restored.get(prompt.n);
    this.#restored.delete(prompt.n);
    const rest = text ? unsealedText(text, entries, at) : [];
    const ran = state.phase === "queued" ? undefined : spentBefore(entries);
    const end = endEntry(prompt.n, assistant.model.id, at, reason, "other", ran);
    await this.calls.end(turn, () => [...cancelledResults(entries, at), ...rest, end]);
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

  moved(turn: ActiveTurn, from: TurnState | undefined, to: TurnState | undefined): void {
    if (!from) this.calls.hold(turn);
    if (!to || to.phase === "ended") {
      this.calls.release(turn);
      this.#restored.delete(turn.prompt.n);
    }
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

  #prepare(turn: ActiveTurn, tools: readonly Tool[]): Promise<Ask> {
    const { n } = turn.prompt;
    return prepareRequest(turn, tools, {
      conversation: this.#conversation,
      now: () => this.now(),
      exchanges: () => withWaiting(this.#exchanges.before(n), n, this.calls.turns()),
      write: (entry) => {
        this.#note(entry).catch((thrown: unknown) => {
          const about = { err: thrown, conversation: this.#conversation };
          this.#with.logger.warn(about, "a note could not be stored");
        });
      },
    });
  }

  /** It may come long after its turn's end, when the conversation was forgotten and has another writer. */
  async #note(entry: NewEntry): Promise<void> {
    try {
      await this.#append([entry]);
    } catch (thrown) {
      if (!isForgotten(thrown)) throw thrown;
      await this.#with.lateNotes(this.#conversation, entry);
    }
  }

  #exchangesOf(fresh: boolean): RecentExchanges {
    const { store } = this.#with;
    return new RecentExchanges(
      (before) => store.readNewest(this.#conversation, readBackLength, before, readBackChars),
      fresh,
    );
  }
}

/** A turn that was given up to another writer writes nothing more, also where we are the writer again. */
const stillOurs = <T>({ controller: { signal } }: ActiveTurn, entries: T): T => {
  if (signal.aborted && isForgotten(signal.reason)) throw signal.reason;
  return entries;
};

const counterOf = (
  state: TurnState,
): keyof Pick<Meter, "queued" | "running" | "waiting" | "completed" | "failed" | "cancelled"> =>
  state.phase === "ended" ? state.end : state.phase;
