import type { Moment } from "../../packages/protocol/src/index.ts";
import type { Sink, Voice } from "../../packages/server/src/conversation/conversations.ts";

/** What a reader was told, as data. */
export type Told =
  | { readonly kind: "present"; readonly turn: number; readonly calls?: readonly string[] }
  | { readonly kind: "entry"; readonly n: number; readonly entry: string; readonly past: boolean }
  | {
      readonly kind: "text";
      readonly turn: number;
      readonly offset: number;
      readonly reset: boolean;
      readonly delta: string;
    }
  | {
      readonly kind: "ended";
      readonly turn: number;
      readonly n: number;
      readonly end: string;
      readonly code?: string;
      readonly text: string;
      readonly past: boolean;
    }
  | { readonly kind: "relay"; readonly json: string };

const decoder = new TextDecoder();
const joined = (pieces: readonly (string | Uint8Array)[]): string => {
  const escaped = pieces.map((piece) => (typeof piece === "string" ? piece : decoder.decode(piece))).join("");
  const text: unknown = JSON.parse(`"${escaped}"`);
  return String(text);
};

const told = (moment: Moment): Told => {
  switch (moment.kind) {
    case "present":
      return {
        kind: "present",
        turn: moment.turn.turn,
        ...(moment.calls && { calls: moment.calls.map(({ callId }) => callId) }),
      };
    case "text":
      return {
        kind: "text",
        turn: moment.turn.turn,
        offset: moment.offset,
        reset: moment.reset,
        delta: joined(moment.delta()),
      };
    case "ended": {
      const { entry } = moment;
      const code = entry.code === undefined ? {} : { code: entry.code };
      return {
        kind: "ended",
        turn: entry.turn,
        n: entry.n,
        end: entry.end,
        ...code,
        text: joined(moment.text),
        past: moment.past,
      };
    }
    case "entry":
    case "sealed":
      return { kind: "entry", n: moment.entry.n, entry: moment.entry.kind, past: moment.past };
  }
};

/**
 * A reader that keeps what it hears, with the text of each turn put together as a client would, and proves while it listens
 * that nothing is missing, repeated or out of order (P2, P4).
 */
export class Ear implements Sink {
  readonly heard: Told[] = [];
  readonly texts = new Map<number, string>();
  readonly ends = new Map<number, string>();
  cursor = "";
  deaf = false;
  fallen = false;
  resets = 0;
  #lastEntry = 0;
  #waiting: { until: () => boolean; done: () => void; failed: (error: Error) => void }[] = [];
  #fault: Error | undefined;

  readonly voice: Voice = {
    key: "ear",
    snapshots: false,
    render: (moment, cursor) => [Buffer.from(JSON.stringify({ told: told(moment), cursor }))],
    relay: (json, cursor) =>
      [Buffer.from(JSON.stringify({ told: { kind: "relay", json }, cursor }))][0] ?? Buffer.alloc(0),
  };

  ready(): boolean {
    return !this.deaf;
  }

  fell(): void {
    this.fallen = true;
    const fault = this.#fault ?? new Error("the reader fell");
    for (const { failed } of this.#waiting) failed(fault);
  }

  send(frame: Buffer): void {
    const { told: said, cursor }: { told: Told; cursor: string } = JSON.parse(frame.toString());
    this.cursor = cursor;
    this.heard.push(said);
    try {
      this.#check(said);
    } catch (thrown) {
      this.#fault = thrown instanceof Error ? thrown : new Error(String(thrown));
      throw this.#fault;
    }
    this.#waiting = this.#waiting.filter(({ until, done }) => {
      if (!until()) return true;
      done();
      return false;
    });
  }

  /** Resolves as soon as it is so. */
  until(so: () => boolean): Promise<void> {
    if (this.#fault) return Promise.reject(this.#fault);
    if (so()) return Promise.resolve();
    return new Promise((done, failed) => {
      this.#waiting.push({ until: so, done, failed });
    });
  }

  untilEnded(turn: number): Promise<void> {
    return this.until(() => this.ends.has(turn));
  }

  kinds(): string[] {
    return this.heard.map((one) => (one.kind === "entry" ? one.entry : one.kind));
  }

  #check(said: Told): void {
    if (said.kind === "entry" || said.kind === "ended") {
      if (said.n !== this.#lastEntry + 1 && this.#lastEntry !== 0)
        throw new Error(`P2: entry ${said.n} after ${this.#lastEntry}`);
      this.#lastEntry = said.n;
    }
    if (said.kind === "text") {
      const had = this.texts.get(said.turn) ?? "";
      if (said.reset) this.resets += 1;
      else if (said.offset !== had.length)
        throw new Error(`P4: offset ${said.offset}, but has ${had.length}`);
      if (said.offset > had.length) throw new Error("P4: a gap");
      this.texts.set(said.turn, had.slice(0, said.offset) + said.delta);
    }
    if (said.kind === "ended" && !said.past) {
      if (this.ends.has(said.turn)) throw new Error("P3: a second end");
      const had = this.texts.get(said.turn) ?? "";
      if (said.text !== had)
        throw new Error(`P4: the end says ${JSON.stringify(said.text)}, but has ${JSON.stringify(had)}`);
      this.ends.set(said.turn, said.code ?? said.end);
    }
  }
}
