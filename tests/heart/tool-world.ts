import type { ModelRequest } from "../../packages/server/src/models/model.ts";
import {
  calls,
  createScriptedModel,
  type ScriptStep,
} from "../../packages/server/src/models/scripted-model.ts";
import type { LiveJournal } from "../../packages/server/src/stores/live-journal.ts";
import { createLiveTexts } from "../../packages/server/src/stores/live-texts.ts";
import type { MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import type { Store } from "../../packages/server/src/stores/store.ts";
import type { Policy } from "../../packages/server/src/turn/policy.ts";
import type { Dice } from "../history/dice.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { makeBed, type Bed } from "./bed.ts";
import { Ear } from "./ear.ts";
import { tool } from "./tool-kit.ts";

export const conversation = "channel:a";

/** How long the tool `slow` may take, clients and approvals may be waited for; milliseconds. */
const longestMs = 60_000;

const never = new Promise<never>(() => {});

/** Lets everything that can happen without time happen. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 6; i += 1) await new Promise((resolve) => setImmediate(resolve));
};

/**
 * A server that lives, dies by kill -9 and comes back on the same disk; with a model that calls tools as chance has it, and
 * tools that work, fail, hang, wait for an approval or run in the client. Keeps what must be true of all of it.
 */
export class ToolWorld {
  readonly ear = new Ear();
  readonly requests: ModelRequest[] = [];
  /** Ids of calls, once for each run of their tool. */
  readonly runs: string[] = [];
  readonly #dice: Dice;
  readonly #disk = { content: new Map() satisfies MemoryContent, journalContent: createLiveTexts() };
  #clock = manualClock();
  #dead = { yes: false };
  #failing = false;
  #bed: Bed | undefined;
  #reader: { close(): void } | undefined;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  get bed(): Bed {
    if (!this.#bed) throw new Error("not started");
    return this.#bed;
  }

  /** Comes up on what the last life left. */
  async start(): Promise<void> {
    const dead = { yes: false };
    this.#dead = dead;
    // What is left of an earlier life has a clock that stands still.
    this.#clock = manualClock(this.#clock.now());
    const ran = (_args: unknown, { callId }: { callId: string }): void => void this.runs.push(callId);
    const tools = [
      tool("look", (args, context) => (ran(args, context), "seen")),
      tool("slow", (args, context) => (ran(args, context), this.#dice.below(2) ? never : this.#pause()), {
        timeMs: longestMs,
      }),
      tool("broken", (args, context) => (ran(args, context), Promise.reject(new Error("broken")))),
      tool("pay", (args, context) => (ran(args, context), this.#dice.below(3) ? "paid" : never), {
        approval: true,
      }),
      tool("where", undefined, { runs: "client", timeMs: longestMs }),
    ];
    const model = createScriptedModel((request) => this.#say(request), { clock: this.#clock });
    this.#bed = await makeBed({
      model,
      ...this.#disk,
      clock: this.#clock,
      policy: this.#dice.pick<Policy>(["queue", "interrupt", { parallel: 2 }]),
      assistant: { tools: () => tools, approvalMs: longestMs },
      store: (store) => this.#mortal(store, dead),
      journal: (journal): LiveJournal => ({
        ...journal,
        write: (records) => (dead.yes ? never : journal.write(records)),
        forget: (...which) => (dead.yes ? undefined : journal.forget(...which)),
      }),
    });
    const cursor = this.ear.cursor === "" ? { history: 1_000 } : { cursor: this.ear.cursor };
    this.#reader = this.bed.listen(conversation, { ear: this.ear, ...cursor }).reader;
    await settled();
  }

  /** Kill -9: nothing more of this life reaches the disk. */
  async crash(): Promise<void> {
    this.#dead.yes = true;
    this.#failing = false;
    this.#reader?.close();
    await this.start();
  }

  fail(failing: boolean): void {
    this.#failing = failing;
  }

  async pass(ms: number): Promise<void> {
    // In steps, so that what waits for one thing after the other comes through.
    for (let left = ms; left > 0; left -= 1_000) {
      this.#clock.advance(Math.min(left, 1_000));
      await settled();
    }
    await settled();
  }

  #mortal(store: Store, dead: { yes: boolean }): Store {
    return {
      ...store,
      append: async (append) => {
        if (dead.yes) return never;
        if (this.#failing) throw new Error("disk full");
        await this.#hop();
        return dead.yes ? never : store.append(append);
      },
      lead: async (...wish) => {
        if (this.#failing) throw new Error("disk full");
        return dead.yes ? never : store.lead(...wish);
      },
    };
  }

  async #hop(): Promise<void> {
    for (let i = this.#dice.below(3); i > 0; i -= 1) await new Promise((resolve) => setImmediate(resolve));
  }

  async #pause(): Promise<string> {
    await this.#hop();
    return "slowly";
  }

  /** One call to the model: words and calls as chance has it; the more it has called, the sooner it comes to an end. */
  #say(request: ModelRequest): readonly ScriptStep[] {
    this.requests.push(request);
    const dice = this.#dice;
    const acted = request.messages.filter(({ role }) => role === "tool").length;
    const steps: ScriptStep[] = dice.below(2) ? ["word "] : [];
    if (dice.below(12) === 0) steps.push({ type: "reasoning", text: "hm", native: { s: 1 } });
    for (let i = acted > 6 ? 0 : dice.below(4); i > 0; i -= 1) {
      const name = dice.pick(["look", "slow", "broken", "pay", "pay", "where", "nobody"]);
      steps.push(dice.below(10) ? calls(name, { i }) : { type: "tool-call", name, arguments: "{oops" });
      if (dice.below(3) === 0) steps.push({ type: "wait", ms: dice.below(2_000) }, "more ");
    }
    if (dice.below(15) === 0) steps.push({ type: "fail", code: "provider_cut_off" });
    return steps;
  }
}
