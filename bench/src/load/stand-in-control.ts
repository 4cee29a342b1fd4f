import type { Digest } from "./answer-reader.ts";

/** What the load tells the provider stand-in, and asks it, while a row runs. */
export interface StandInControl {
  /** Ends all answers that are being streamed. */
  finish(): Promise<void>;
  /** Lets others on its core go first from now on: for rows in which only the load's own promptness counts. */
  stepBack(): Promise<void>;
  /** What was sent for each answer, by the key of its order. */
  digests(): Promise<Readonly<Record<string, Digest>>>;
}

export const createStandInControl = (port: number): StandInControl => {
  const ask = (method: string, path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}/control/${path}`, { method });
  return {
    async finish() {
      await (await ask("POST", "finish")).text();
    },
    async stepBack() {
      await (await ask("POST", "step-back")).text();
    },
    async digests() {
      const digests: Record<string, Digest> = JSON.parse(await (await ask("GET", "digests")).text());
      return digests;
    },
  };
};
