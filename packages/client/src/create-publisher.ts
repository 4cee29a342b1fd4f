import { codes } from "@colloquy/protocol";
import { backoff } from "./backoff.ts";
import { ClientError } from "./client-error.ts";
import type { Publisher, PublisherFailure, PublisherOptions, RetryPolicy } from "./publisher.ts";
import { type PublisherLink, openPublisherLink } from "./publisher-link.ts";
import { sleep } from "./sleep.ts";

const asError = (thrown: unknown): ClientError =>
  thrown instanceof ClientError ? thrown : new ClientError("unreachable", undefined, { cause: thrown });

const subscription = (action: "subscribe" | "unsubscribe", channel: string): object => ({
  channel: "subscription",
  payload: { action, channel },
});

/**
 * Connects a back end to a hub that speaks the channels wire, to publish an assistant's progress there.
 *
 * @example
 * const publisher = createPublisher({ url: "ws://localhost:8080/ws", onFailure: console.warn });
 * await publisher.send("user_session_abc123", { hello: "world" });
 */
export const createPublisher = (options: PublisherOptions): Publisher => {
  const connecting: RetryPolicy = { tries: 3, wait: 1000, timeoutMs: 10_000, ...options.connect };
  const sending: RetryPolicy = { tries: 3, wait: 1000, timeoutMs: 5000, ...options.send };
  const subscribeMs = options.subscribeMs ?? 5000;
  const random = options.random ?? Math.random;
  const channels = new Set<string>();
  let link: PublisherLink | undefined;
  let opening: Promise<PublisherLink> | undefined;
  let closed = false;
  /** The end of the line of calls. */
  let tail: Promise<unknown> = Promise.resolve();

  const report = (failure: PublisherFailure): void => options.onFailure?.(failure);

  const waitMs = ({ wait }: RetryPolicy, attempt: number): number =>
    typeof wait === "number" ? wait : backoff(wait, attempt, random);

  /** Tries until it works, the tries are used up, or trying again is in vain. */
  const persist = async <T>(
    policy: RetryPolicy,
    about: Pick<PublisherFailure, "operation" | "channel">,
    signal: AbortSignal | undefined,
    run: () => Promise<T>,
  ): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      if (closed) throw new ClientError("closed");
      try {
        return await run();
      } catch (thrown) {
        const error = asError(thrown);
        const last = attempt >= policy.tries || !codes[error.code].reconnect;
        report({ ...about, attempt, last, error });
        if (last) throw error;
      }
      await sleep(waitMs(policy, attempt), signal);
    }
  };

  const openLink = async (signal?: AbortSignal): Promise<PublisherLink> => {
    const fresh = await persist(connecting, { operation: "connect" }, signal, () =>
      openPublisherLink(options, connecting.timeoutMs, (failure) =>
        report({ ...failure, attempt: 1, last: true }),
      ),
    );
    if (closed) {
      fresh.drop();
      throw new ClientError("closed");
    }
    link = fresh;
    for (const channel of channels) await fresh.send(subscription("subscribe", channel), subscribeMs);
    return fresh;
  };

  const linked = (signal?: AbortSignal): Promise<PublisherLink> => {
    if (closed) return Promise.reject(new ClientError("closed"));
    if (link?.open === true) return Promise.resolve(link);
    opening ??= openLink(signal).finally(() => {
      opening = undefined;
    });
    return opening;
  };

  const inLine = <T>(run: () => Promise<T>): Promise<T> => {
    const mine = tail.then(run, run);
    tail = mine.catch(() => undefined);
    return mine;
  };

  /** One frame, once. A socket that does not take it is given up, so that the next try has a new one. */
  const sendOnce = async (frame: object, timeoutMs: number, signal?: AbortSignal): Promise<void> => {
    const there = await linked(signal);
    try {
      await there.send(frame, timeoutMs);
    } catch (error) {
      there.drop();
      throw error;
    }
  };

  const once: RetryPolicy = { tries: 1, wait: 0, timeoutMs: subscribeMs };

  return {
    get connected() {
      return link?.open === true;
    },
    connect: async (signal) => {
      await linked(signal);
    },
    subscribe: (channel) =>
      inLine(() =>
        persist(once, { operation: "subscribe", channel }, undefined, async () => {
          await sendOnce(subscription("subscribe", channel), subscribeMs);
          channels.add(channel);
        }),
      ),
    unsubscribe: (channel) =>
      inLine(async () => {
        channels.delete(channel);
        // A connection that is gone holds no subscription.
        if (link?.open !== true) return;
        await persist(once, { operation: "unsubscribe", channel }, undefined, () =>
          sendOnce(subscription("unsubscribe", channel), subscribeMs),
        );
      }),
    send: (channel, payload, signal) =>
      inLine(() =>
        persist(sending, { operation: "send", channel }, signal, () =>
          sendOnce({ channel, payload }, sending.timeoutMs, signal),
        ),
      ),
    close: async () => {
      if (closed) return;
      closed = true;
      const there = link;
      if (there?.open !== true) return;
      for (const channel of channels) {
        await there.send(subscription("unsubscribe", channel), subscribeMs).catch((thrown: unknown) => {
          report({ operation: "unsubscribe", attempt: 1, last: true, error: asError(thrown), channel });
        });
      }
      await there.close();
    },
  };
};
