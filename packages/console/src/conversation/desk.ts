import { ClientError, type Conversation, type TurnView } from "@colloquy/client";
import { newChannelId } from "../route/channel-id.ts";
import type { Outbox } from "./outbox.ts";
import { isAnswering } from "./turn-words.ts";

/** A file that goes along with a prompt; `data` is Base64. */
export interface Attachment {
  readonly name: string;
  readonly type: string;
  readonly data: string;
}

/** As much of a conversation as a desk needs; one of a room takes files along. */
export interface DeskConversation extends Pick<
  Conversation,
  "view" | "cancel" | "older" | "approve" | "deny"
> {
  prompt(
    text: string,
    options?: { readonly messageId?: string; readonly files?: readonly Attachment[] },
  ): Promise<unknown>;
  /** A file of a prompt whose data did not come along. */
  file?(messageId: string, index: number): Promise<Attachment>;
}

/** What a person does in a conversation. Refusals are shown at the turn itself, so nothing is thrown. */
export interface Desk {
  /** Sends what an earlier visit left behind. */
  readonly resume: () => void;
  readonly ask: (text: string, files?: readonly Attachment[]) => void;
  /** Asks the same text once more; a prompt that was refused keeps its place. */
  readonly again: (turn: TurnView) => void;
  readonly stop: (turn: TurnView) => void;
  /** Stops the answer that is being made just now, of those that one may stop. */
  readonly stopAnswer: (may: (turn: TurnView) => boolean) => void;
  /** Takes back what has not gone out, so that it never does by itself; returns its words. */
  readonly takeBack: () => string;
  /** Grants a call, or denies it; resolves to why that was not possible, in a sentence. */
  readonly decide: (callId: string, granted: boolean) => Promise<string | undefined>;
  /** A file that came along with a turn's prompt; undefined where files come whole, or not at all. */
  readonly file: ((messageId: string, index: number) => Promise<Attachment>) | undefined;
  /** Loads older turns; rejects when that failed. */
  readonly older: () => Promise<void>;
}

const olderPage = 60;

/** A desk for one conversation; while that is not open, what is asked waits in the outbox. */
export const createDesk = (
  conversation: DeskConversation | undefined,
  outbox: Outbox,
  newId: () => string = newChannelId,
): Desk => {
  const send = async (text: string, messageId: string, files: readonly Attachment[] = []): Promise<void> => {
    outbox.add({ messageId, text });
    try {
      await conversation?.prompt(text, { messageId, ...(files.length > 0 && { files }) });
      if (conversation) outbox.remove(messageId);
    } catch (error) {
      // What was not refused but left behind goes out on the next visit.
      if (!(error instanceof ClientError && error.code === "closed")) outbox.remove(messageId);
    }
  };

  /** What came along with a turn; what cannot be had any more is left out. */
  const filesOf = async ({ files = [], messageId }: TurnView): Promise<readonly Attachment[]> => {
    const had = files.map(async ({ name, type, data }, i) =>
      data === undefined ? conversation?.file?.(messageId, i) : { name, type, data },
    );
    const found = await Promise.allSettled(had);
    return found.flatMap((one) => (one.status === "fulfilled" && one.value ? [one.value] : []));
  };

  const stop = (turn: TurnView): void => {
    // A turn that has ended meanwhile cannot be stopped, and needs no word about it.
    conversation?.cancel(turn.messageId).catch(() => {});
  };

  return {
    resume() {
      if (conversation) for (const { messageId, text } of outbox.items()) void send(text, messageId);
    },
    ask: (text, files) => void send(text, newId(), files),
    again(turn) {
      const { prompt } = turn;
      if (prompt === undefined) return;
      const messageId = turn.state === "refused" ? turn.messageId : newId();
      if (turn.files) void filesOf(turn).then((files) => send(prompt, messageId, files));
      else void send(prompt, messageId);
    },
    stop,
    stopAnswer(may) {
      const turns = conversation?.view().turns.filter(may) ?? [];
      // One that waits for people stands beside the one that is being written.
      const answering = turns.find(({ state }) => state === "running") ?? turns.find(isAnswering);
      if (answering) stop(answering);
    },
    takeBack() {
      const unsent = outbox.items();
      for (const { messageId } of unsent) {
        outbox.remove(messageId);
        conversation?.cancel(messageId).catch(() => {});
      }
      return unsent.map(({ text }) => text).join("\n\n");
    },
    async decide(callId, granted) {
      try {
        await (granted ? conversation?.approve(callId) : conversation?.deny(callId));
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    file: conversation?.file?.bind(conversation),
    async older() {
      await conversation?.older(olderPage);
    },
  };
};
