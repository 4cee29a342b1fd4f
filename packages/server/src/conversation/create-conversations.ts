import type { Accepted } from "@colloquy/protocol";
import { createPatternMatcher } from "../auth/pattern.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import type { JournalledText } from "../stores/live-journal.ts";
import { Deadlines } from "../turn/deadlines.ts";
import type { Principal } from "../auth/principal.ts";
import { createAuthoriser, type Action, type Members } from "./authorise.ts";
import { listConversations, readHistory } from "./browse.ts";
import type { Conversations, PromptRequest } from "./conversations.ts";
import { Conversation } from "./conversation.ts";
import { createLateNotes } from "./late-notes.ts";
import { hasMembers, roleOf } from "./membership.ts";
import { Pump } from "./pump.ts";
import { createRooms } from "./create-rooms.ts";
import { relayLimits } from "./relay.ts";
import { retell } from "./retell.ts";
import type { ConversationsOptions, Surroundings } from "./surroundings.ts";

/** The heart, with its lifetime. */
export interface Heart extends Conversations {
  /** Takes up what the last process left open, then serves. Resolves when all open turns are known; they run on. */
  start(): Promise<void>;
  /** Accepts no prompt from now on and starts no turn; waits for running ones, at most `ms`, then ends them `interrupted`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}

const nobody: Members = new Map();

/** How often conversations that nobody needs are forgotten, milliseconds. */
const sweepMs = 30_000;

export const createConversations = (options: ConversationsOptions): Heart => {
  const { store, journal, clock, logger, meter, hooks } = options;
  const deadlines = new Deadlines(clock);
  const pump = new Pump(options);
  const authoriser = createAuthoriser(createPatternMatcher(), () => clock.now(), hooks?.authorise);
  const closing = new AbortController();
  const surroundings: Surroundings = {
    ...options,
    assistants: {
      find: (conversation, id) =>
        options.assistants.find(conversation, id, known.get(conversation)?.membership?.room),
    },
    deadlines,
    pump,
    authoriser,
    lateNotes: createLateNotes((id) => get(id)),
    closing: closing.signal,
    relayBudget: { bytes: 0, maxBytes: relayLimits.totalBytes },
  };
  const known = new Map<string, Conversation>();
  let phase: "starting" | "serving" | "draining" = "starting";
  let stopSweeping: (() => void) | undefined;

  const get = (id: string): Conversation => {
    let conversation = known.get(id);
    if (!conversation) {
      conversation = new Conversation(id, surroundings);
      known.set(id, conversation);
      meter.conversations = known.size;
    }
    return conversation;
  };

  const membersOf = (id: string): Members => known.get(id)?.members ?? nobody;
  const check = (principal: Principal, action: Action, id: string): void => {
    authoriser.check(principal, action, id, membersOf(id));
  };

  /** A prompt that came before the open turns are known would be taken for one that the last process left. */
  const mustServe = (): void => {
    if (phase !== "serving") throw new ColloquyError("draining");
  };

  /** Who belongs to a conversation with members is in its log. */
  const enter = async (id: string): Promise<void> => {
    if (hasMembers(id)) await get(id).open(false);
  };

  const ask = async (principal: Principal, id: string, request: PromptRequest): Promise<Accepted> => {
    if (hasMembers(id)) await enter(id);
    check(principal, "prompt", id);
    mustServe();
    const assistant = surroundings.assistants.find(id, request.assistant);
    if (assistant === undefined) throw new ColloquyError("unknown_assistant");
    if (assistant === "none")
      throw new ColloquyError("not_available", { message: "No assistant answers on this channel." });
    return get(id).prompt(principal, request, assistant);
  };

  const rooms = createRooms({
    ...options,
    kinds: options.roomKinds ?? new Map(),
    authoriser,
    get,
    prompt: ask,
  });

  const sweep = (): void => {
    rooms.sweep();
    for (const [id, conversation] of known) {
      if (conversation.forgettable) known.delete(id);
    }
    meter.conversations = known.size;
  };

  return {
    async start() {
      const texts = new Map<string, Map<number, JournalledText>>();
      for (const text of await journal.start()) {
        const ofConversation = texts.get(text.conversation) ?? new Map<number, JournalledText>();
        texts.set(text.conversation, ofConversation.set(text.turn, text));
      }
      const open = Map.groupBy(await store.openTurns(), (turn) => turn.conversation);
      deadlines.start();
      stopSweeping = clock.every(sweepMs, sweep);
      await Promise.all(
        Array.from(open, ([id, turns]) =>
          get(id).recover(
            turns.map(({ turn }) => turn),
            texts.get(id) ?? new Map(),
          ),
        ),
      );
      // What is journalled of turns that have ended is of no use to anybody.
      for (const [id, ofConversation] of texts) {
        for (const turn of ofConversation.keys()) {
          if (!open.get(id)?.some((one) => one.turn === turn)) journal.forget(id, turn);
        }
      }
      if (phase === "starting") phase = "serving";
    },

    prompt: ask,

    async cancel(principal, id, promptId) {
      if (phase === "starting") mustServe();
      await enter(id);
      // Stopping one's own turn takes the right to ask; anybody else's is authorised turn by turn.
      if (!authoriser.may(principal, "stop", id, membersOf(id))) check(principal, "prompt", id);
      await get(id).cancel(principal, promptId);
    },

    async decide(principal, id, decision) {
      if (phase === "starting") mustServe();
      await enter(id);
      // Whose prompt made the call decides about it with the right to ask; anybody else with the right to approve.
      if (!authoriser.may(principal, "approve", id, membersOf(id))) check(principal, "prompt", id);
      await get(id).decide(principal, decision);
    },

    async settle(principal, id, result) {
      if (phase === "starting") mustServe();
      await enter(id);
      check(principal, "prompt", id);
      await get(id).settle(principal, result);
    },

    enter: (_, id) => enter(id),

    rooms,

    relaysPrompts: (id) => options.assistants.find(id, undefined) === "none",

    async retell(principal, id, turn, voice, cursor) {
      await enter(id);
      check(principal, "prompt", id);
      return retell(surroundings, get(id), turn, voice, cursor);
    },

    async history(principal, id, page) {
      await enter(id);
      check(principal, "read", id);
      return readHistory(store, id, page);
    },

    async list(principal, page) {
      const invited = await store.findNotes("member", principal.user);
      const mine = new Map(invited.map(({ conversation, note }) => [conversation, roleOf(note)]));
      const members = (id: string): Members => {
        const role = mine.get(id);
        return role ? new Map([[principal.user, role]]) : nobody;
      };
      return listConversations(store, page, (id) => authoriser.may(principal, "read", id, members(id)));
    },

    async publish(principal, id, request) {
      if (hasMembers(id)) await enter(id);
      check(principal, request.form === "prompt" ? "prompt" : "publish", id);
      await get(id).publish(request);
    },

    attach(principal, id, options) {
      check(principal, "read", id);
      return get(id).audience.attach(options, hasMembers(id) ? principal.user : undefined);
    },

    async drain(ms) {
      phase = "draining";
      const deadline = clock.monotonic() + ms;
      const interrupt = (): void => {
        if (clock.monotonic() < deadline) return;
        for (const conversation of known.values()) conversation.interrupt();
      };
      const stop = clock.every(50, interrupt);
      const drained = Promise.all(Array.from(known.values(), (conversation) => conversation.drain()));
      await drained;
      stop();
      logger.info({}, "no turn runs any more");
    },

    async close() {
      closing.abort(new ColloquyError("draining"));
      stopSweeping?.();
      await rooms.close();
      deadlines.close();
      await pump.close();
    },
  };
};
