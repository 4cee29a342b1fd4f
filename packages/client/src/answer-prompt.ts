import type { PromptFrame } from "@colloquy/protocol/workers";
import type { WorkerOptions, WorkerReply } from "./model-worker.ts";
import type { WorkerHand } from "./worker-hand.ts";

export interface AnswerOptions {
  readonly frame: PromptFrame;
  readonly hand: WorkerHand;
  readonly respond: WorkerOptions["respond"];
  /** Waits until more can be sent; undefined when there is no need to. */
  readonly room: () => Promise<void> | undefined;
  readonly failed: (error: unknown) => void;
}

const isStream = (reply: WorkerReply): reply is AsyncIterable<string> =>
  typeof reply === "object" && Symbol.asyncIterator in reply;

const textOf = (piece: unknown): string => {
  if (typeof piece === "string") return piece;
  throw new TypeError(`A worker answers with text, not with ${typeof piece}.`);
};

/** Lets a worker answer one prompt, to its end. Never rejects. */
export const answerPrompt = async ({ frame, hand, respond, room, failed }: AnswerOptions): Promise<void> => {
  const { type: _, ...prompt } = frame;
  const { id } = frame;
  const { signal } = hand;
  try {
    const reply = respond({ ...prompt, claim: () => hand.claim() }, signal);
    if (isStream(reply)) {
      for await (const piece of reply) {
        if (signal.aborted) return;
        hand.say(textOf(piece));
        const wait = room();
        if (wait) await wait;
      }
    } else {
      const text = await reply;
      if (text !== undefined) hand.say(textOf(text));
    }
    if (signal.aborted) return;
    hand.end({ type: hand.spoke ? "final" : "decline", id });
  } catch (error) {
    // Whoever is told to stop may well throw.
    if (signal.aborted) return;
    failed(error);
    hand.end({ type: "decline", id, failed: true });
  }
};
