import type { Model, ModelEvent, ModelRequest } from "../../packages/server/src/models/model.ts";

/** One call of a model that a test plays by hand. */
export interface PuppetCall {
  readonly request: ModelRequest;
  readonly signal: AbortSignal;
  say(text: string): void;
  think(text: string): void;
  emit(event: ModelEvent): void;
  finish(): void;
  fail(error: Error): void;
}

/** A model whose every word the test says. `calls` grows as it is asked; `asked(n)` waits for call number n (0 is the first). */
export interface Puppet extends Model {
  readonly calls: readonly PuppetCall[];
  readonly asked: (n?: number) => Promise<PuppetCall>;
}

export const createPuppet = (options: { contextTokens?: number; deaf?: boolean } = {}): Puppet => {
  const calls: PuppetCall[] = [];
  const waiting: { n: number; found: (call: PuppetCall) => void }[] = [];
  return {
    id: "test:puppet",
    contextTokens: options.contextTokens ?? 100_000,
    callsTools: true,
    calls,
    asked: (n = 0) =>
      new Promise((resolve) => {
        const call = calls[n];
        if (call) resolve(call);
        else waiting.push({ n, found: resolve });
      }),
    async *stream(request, signal) {
      const events: (ModelEvent | Error | undefined)[] = [];
      let wake = Promise.withResolvers<void>();
      const push = (event: ModelEvent | Error | undefined): void => {
        events.push(event);
        wake.resolve();
      };
      const call: PuppetCall = {
        request,
        signal,
        say: (text) => push({ type: "text", text }),
        think: (text) => push({ type: "reasoning", text }),
        emit: push,
        finish: () => {
          push({ type: "finish", reason: "stop" });
          push(undefined);
        },
        fail: push,
      };
      calls.push(call);
      for (const { n, found } of waiting) if (n === calls.length - 1) found(call);
      // A deaf puppet does not hear that it is stopped, as a broken adapter might not.
      if (!options.deaf) signal.addEventListener("abort", () => wake.resolve());
      for (;;) {
        if (!options.deaf) signal.throwIfAborted();
        const [event] = events;
        if (events.length === 0) {
          await wake.promise;
          wake = Promise.withResolvers<void>();
          continue;
        }
        events.shift();
        if (event === undefined) return;
        if (event instanceof Error) throw event;
        yield event;
      }
    },
  };
};
