import { ClientError, type Conversation } from "@colloquy/client";

/** Resolves when there is something to show; rejects with a {@link ClientError} that says why there never will be. */
export const conversationReady = (conversation: Conversation, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const look = (): void => {
      const { phase, error } = conversation.view();
      if (error !== undefined && !error.retry) {
        reject(new ClientError("not_allowed", error.message));
      } else if (phase === "live" || signal.aborted) resolve();
      else return;
      stop();
    };
    const stop = conversation.subscribe(look);
    signal.addEventListener("abort", look, { once: true });
    look();
  });
