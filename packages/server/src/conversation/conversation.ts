import type { Accepted, NewEntry, PromptEntry, Role } from "@colloquy/protocol";
import type { Principal } from "../auth/principal.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { JournalledText } from "../stores/live-journal.ts";
import type { Assistant } from "../turn/assistant.ts";
import { assertFits } from "../turn/request.ts";
import { acceptPrompt } from "./accept-prompt.ts";
import { askHook } from "./ask-hook.ts";
import { Audience } from "./audience.ts";
import type { ClientResult, Decision, PromptRequest, RelayRequest } from "./conversations.ts";
import { Lane } from "./lane.ts";
import { LogLead } from "./log-lead.ts";
import { hasMembers, Membership } from "./membership.ts";
import { cursorOf, placeOfAccepted } from "./place.ts";
import { PromptIds, assertSame } from "./prompt-ids.ts";
import { RelayGate } from "./relay-gate.ts";
import { adoptPrompts, recoverTurn } from "./recover-turn.ts";
import type { Surroundings } from "./surroundings.ts";
import { TurnHost } from "./turn-host.ts";

interface TurnSide {
  readonly ids: PromptIds;
  readonly turns: TurnHost;
  readonly lane: Lane;
}

const nobody: ReadonlyMap<string, Role> = new Map();

/**
 * One conversation: its readers, and, once it is opened, its writer and its turns. Cheap while nobody has opened it: a
 * channel that is only subscribed to asks nothing of the store.
 */
export class Conversation {
  readonly id: string;
  readonly audience: Audience;
  /** Who belongs to it and which room it is, once it was opened; undefined for conversations that grants govern. */
  readonly membership: Membership | undefined;
  readonly #with: Surroundings;
  readonly #lead: LogLead;
  /** Prompts pass here one by one, in the order in which they came. */
  #turnstile: Promise<unknown> | undefined;
  #busy = 0;
  /** What only a conversation with turns needs, made when it is needed. */
  #made: TurnSide | undefined;
  #gate: RelayGate | undefined;

  constructor(id: string, surroundings: Surroundings) {
    this.id = id;
    this.#with = surroundings;
    this.audience = new Audience(id, surroundings, this);
    const membership = hasMembers(id) ? new Membership(id) : undefined;
    this.membership = membership;
    this.#lead = new LogLead(id, surroundings, {
      ...(membership && { learn: () => membership.load(surroundings.store) }),
      led: (head) => {
        this.#turns.opened(head.n === 0);
        this.audience.opened(head.log, head.n);
      },
      added: (entries) => {
        membership?.hear(entries);
        this.#turns.added(entries);
        this.audience.add(entries);
      },
      // In the log although their askers were told otherwise: such prompts have their turns all the same (P3).
      found: (entries) => adoptPrompts(entries, this.#lane, { ...surroundings, conversation: id }),
    });
  }

  get #ids(): PromptIds {
    return this.#make().ids;
  }

  get #turns(): TurnHost {
    return this.#make().turns;
  }

  get #lane(): Lane {
    return this.#make().lane;
  }

  get members(): ReadonlyMap<string, Role> {
    return this.membership?.members ?? nobody;
  }

  /** Nothing would be lost if it were forgotten. */
  get forgettable(): boolean {
    return this.#busy === 0 && this.audience.deserted && (this.#made?.lane.idle ?? true);
  }

  /** Becomes the writer of the conversation; false when it does not exist and is not to be created. */
  open(create: boolean): Promise<boolean> {
    return this.#during(() => this.#lead.open(create));
  }

  /** Not to be forgotten while something is under way. */
  async #during<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  prompt(principal: Principal, request: PromptRequest, assistant: Assistant): Promise<Accepted> {
    const id = request.promptId ?? this.#with.ids.next();
    const decided = this.#during(async () => {
      if (request.text.trim() === "") throw new ColloquyError("empty_prompt");
      const said = request.text.toWellFormed();
      const about = { conversation: this.id, user: principal.user, promptId: id, text: said };
      const text = await askHook(this.#with.hooks?.beforePrompt, about);
      assertFits(text, assistant, request.files);
      await this.open(true);
      // Any id is new to an empty log; those on their way there are claimed below.
      const isNew = request.promptId === undefined || this.audience.feed?.head === 0;
      const looked = isNew ? undefined : this.#ids.stored(id);
      // Waiting for the look-up and for whoever came before: prompts are decided in the order in which they came.
      const passed = Promise.allSettled([this.#turnstile, looked]).then(() => {});
      this.#turnstile = passed;
      await passed;
      const earlier = await looked;
      if (earlier) assertSame(earlier, principal.user, text);
      const entry = earlier ?? (await this.#ids.claimed(id, principal.user, text));
      if (entry) return this.#accepted(entry, true);
      const asked = { id, author: principal.user, text, files: request.files };
      this.#gate?.forget(id);
      const stored = await acceptPrompt(asked, assistant, {
        lane: this.#lane,
        lead: this.#lead,
        ids: this.#ids,
        now: () => this.#with.clock.now(),
        mayStop: (turn) => this.#mayStop(principal, turn.prompt.author),
      });
      return this.#accepted(stored, false);
    });
    return this.#ids.deciding(id, principal.user, decided);
  }

  /** Stops the turn of a prompt, or all that the principal may stop. Resolves once their ends are durable. */
  cancel(principal: Principal, promptId: string | undefined): Promise<void> {
    return this.#during(async () => {
      const reason = new ColloquyError("cancelled", { detail: principal.user });
      // Whoever stops what was asked just now means it, though it has no turn yet.
      await this.#ids.decided(promptId, principal.user);
      if (promptId === undefined) {
        const mine = this.#lane.turns().filter((turn) => this.#mayStop(principal, turn.prompt.author));
        await Promise.all(mine.map((turn) => this.#lane.stop(turn, reason)));
        return;
      }
      const turn = this.#lane.find(promptId);
      if (turn) {
        if (!this.#mayStop(principal, turn.prompt.author)) throw new ColloquyError("not_allowed");
        await this.#lane.stop(turn, reason);
      } else if (!(await this.open(false)) || !(await this.#ids.stored(promptId))) {
        throw new ColloquyError("no_such_turn");
      }
    });
  }

  /** Decides about a call that waits for an approval: one's own prompt's, or anybody's for those who may. */
  decide(principal: Principal, decision: Decision): Promise<void> {
    const { user } = principal;
    const mayAll = this.#with.authoriser.may(principal, "approve", this.id, this.members);
    return this.#during(async () => {
      if (!(await this.open(false))) throw new ColloquyError("no_such_call");
      await this.#turns.calls.decide(user, (author) => mayAll || author === user, decision);
    });
  }

  /** What came of a call that runs in the client; it counts from the user whose prompt made it. */
  settle({ user }: Principal, result: ClientResult): Promise<void> {
    return this.#during(async () => {
      if (!(await this.open(false))) throw new ColloquyError("no_such_call");
      await this.#turns.calls.settle((author) => author === user, result);
    });
  }

  /** Hands a frame on to the readers, unless it claims to be about a prompt of ours. */
  publish(request: RelayRequest): Promise<void> {
    this.#gate ??= new RelayGate(
      async (id) => (await this.open(false)) && (await this.#ids.stored(id)) !== undefined,
      (allowed) => this.audience.publish(allowed),
    );
    const gate = this.#gate;
    return this.#during(() => gate.publish(request));
  }

  /** Takes up turns that were open when the last process ended. */
  async recover(turns: readonly number[], journalled: ReadonlyMap<number, JournalledText>): Promise<void> {
    await this.open(true);
    for (const turn of turns) {
      await recoverTurn(turn, journalled.get(turn), {
        ...this.#with,
        conversation: this.id,
        lane: this.#lane,
        audience: this.audience,
        host: this.#turns,
      });
    }
    this.#lane.proceed();
  }

  /** No turn starts from now on; resolves when none runs. */
  async drain(): Promise<void> {
    await this.#made?.lane.drain();
  }

  /** Ends all running turns `interrupted`. */
  interrupt(): void {
    for (const turn of this.#made?.lane.turns() ?? []) {
      if (turn.state.phase === "running") turn.controller.abort(new ColloquyError("interrupted"));
    }
  }

  #make(): TurnSide {
    if (!this.#made) {
      const turns = new TurnHost(
        this.id,
        this.#with,
        this.audience,
        {
          append: async (make) => this.#lead.writer.append(make),
          appendSurely: async (entries) => this.#lead.writer.appendSurely(entries),
        },
        (turn) => this.#lane.decided(turn),
      );
      this.#made = { ids: new PromptIds(this.id, this.#with.store), turns, lane: new Lane(turns) };
    }
    return this.#made;
  }

  /** Puts entries into the log that no prompt asked for. */
  async write(entries: readonly NewEntry[]): Promise<void> {
    await this.#during(() => this.#lead.writer.append(() => entries));
  }

  /** No turn runs or waits for its place. */
  get resting(): boolean {
    return this.#busy === 0 && (this.#made?.lane.holders().length ?? 0) === 0;
  }

  #accepted(entry: PromptEntry, repeated: boolean): Accepted {
    const cursor = cursorOf(this.audience.feed, placeOfAccepted(entry.n));
    return { promptId: entry.id, turn: entry.n, cursor, repeated };
  }

  #mayStop(principal: Principal, author: string): boolean {
    return principal.user === author || this.#with.authoriser.may(principal, "stop", this.id, this.members);
  }
}
