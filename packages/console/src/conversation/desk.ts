import {
  type Client,
  ClientError,
  type Conversation,
  type ConversationView,
  type TurnView,
} from "@colloquy/client";
import { newChannelId } from "../route/channel-id.ts";
import { createFrameNotifier, type Schedule } from "./frame-notifier.ts";
import { createOutbox, type Outbox } from "./outbox.ts";
import { isAnswering } from "./turn-words.ts";

/** What a person sees of a conversation and does in it. Refusals are shown at the turn itself, so nothing is thrown. */
export interface Desk {
  /** Changes at most once a frame. */
  readonly view: () => ConversationView;
  /** The conversation is read for as long as somebody listens. */
  readonly subscribe: (listener: () => void) => () => void;
  readonly ask: (text: string) => void;
  /** Asks the same text once more; a prompt that was refused keeps its place. */
  readonly again: (turn: TurnView) => void;
  readonly stop: (turn: TurnView) => void;
  /** Stops the answer that is being made just now. */
  readonly stopAnswer: () => void;
  /** Loads older turns; rejects when that failed. */
  readonly older: () => Promise<void>;
}

interface DeskOptions {
  readonly outbox?: Outbox;
  readonly schedule?: Schedule;
  readonly newId?: () => string;
}

const unopened: ConversationView = { phase: "loading", turns: [], more: false };
const history = 60;
const olderPage = 60;

/** A desk for one conversation. Prompts that a reload interrupted are taken up again. */
export const createDesk = (
  client: Pick<Client, "conversation">,
  channel: string,
  options: DeskOptions = {},
): Desk => {
  const { outbox = createOutbox(channel), schedule, newId = newChannelId } = options;
  let conversation: Conversation | undefined;

  const send = async (text: string, messageId: string): Promise<void> => {
    outbox.add({ messageId, text });
    try {
      await conversation?.prompt(text, { messageId });
      outbox.remove(messageId);
    } catch (error) {
      // What was not refused but left behind goes out on the next visit.
      if (!(error instanceof ClientError && error.code === "closed")) outbox.remove(messageId);
    }
  };

  const stop = (turn: TurnView): void => {
    // A turn that has ended meanwhile cannot be stopped, and needs no word about it.
    conversation?.cancel(turn.messageId).catch(() => {});
  };

  return {
    view: () => conversation?.view() ?? unopened,
    subscribe(listener) {
      const opened = client.conversation(channel, { history, mode: "delta" });
      conversation = opened;
      const [changed, stop] = createFrameNotifier(listener, schedule);
      const unsubscribe = opened.subscribe(changed);
      for (const { messageId, text } of outbox.items()) void send(text, messageId);
      return () => {
        unsubscribe();
        stop();
        if (conversation === opened) conversation = undefined;
        opened.close();
      };
    },
    ask: (text) => void send(text, newId()),
    again(turn) {
      if (turn.prompt === undefined) return;
      void send(turn.prompt, turn.state === "refused" ? turn.messageId : newId());
    },
    stop,
    stopAnswer() {
      const answering = conversation?.view().turns.find(isAnswering);
      if (answering) stop(answering);
    },
    async older() {
      await conversation?.older(olderPage);
    },
  };
};
