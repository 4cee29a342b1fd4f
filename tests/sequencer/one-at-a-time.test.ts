import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { ModelRequest } from "../../packages/server/src/models/model.ts";
import { createUdpPanel } from "../../packages/server/src/models/udp-panel.ts";
import { createSequencerModel } from "../../packages/server/src/sequencer/sequencer-model.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { createFakeNet, type NodePrompt } from "./fake-net.ts";

const deadlineMs = 500;
const settleMs = 100;
const quarantineMs = 2_000;
const ports = [5001, 5002, 5003];

/** When a node replies to a prompt, milliseconds after it heard it; several times, or not at all. */
const replies = fc.array(fc.integer({ min: 1, max: deadlineMs + quarantineMs - 100 }), { maxLength: 2 });
const plan = fc.record({
  /** How long after the one before this prompt is asked. */
  after: fc.integer({ min: 0, max: 700 }),
  replies: fc.tuple(replies, replies, replies),
  /** When it is stopped, if it still runs. */
  stop: fc.option(fc.integer({ min: 1, max: deadlineMs - 1 }), { freq: 8 }),
});
type Plan = typeof plan extends fc.Arbitrary<infer P> ? P : never;

/**
 * The replies of nodes without ids that come while the wire promises to know whose they are: until shortly after the first, or
 * until the end of the quarantine of a prompt that ended without one.
 */
const inTime = (
  { replies: all, stop }: Plan,
  echoing: ReadonlySet<number>,
): readonly (readonly number[])[] => {
  const first = Math.min(...all.flat());
  const end = Math.min(deadlineMs, stop ?? deadlineMs);
  // The hand of the clock moves in steps of 20, so what is about equal may come either way.
  const last = first < end + 40 ? first + settleMs - 10 : end + quarantineMs - 100;
  return all.map((times, node) => (echoing.has(node) ? times : times.filter((at) => at <= last)));
};

const play = async (plans: readonly Plan[], echoing: ReadonlySet<number>) => {
  const clock = manualClock();
  const byText = (text: string): Plan | undefined => plans[Number(text.slice(1))];
  const answerer = ({ prompt, id, port }: NodePrompt): void => {
    const node = ports.indexOf(port);
    const one = byText(prompt);
    for (const at of (one && inTime(one, echoing)[node]) ?? [])
      clock.after(at, () =>
        net.deliver({
          message: `re ${prompt} by ${node} at ${at}`,
          sysbool: "True",
          sender: `Node-${port}`,
          ...(echoing.has(node) && { id }),
        }),
      );
  };
  const net = createFakeNet(answerer);
  const panel = createUdpPanel({
    peers: ports.map((port) => ({ port })),
    listenPort: 5000,
    clock,
    openSocket: net.openSocket,
    settleMs,
    quarantineMs,
  });
  await panel.start();
  const model = createSequencerModel({
    id: "sequencer:test",
    panels: [panel],
    policy: "first",
    deadlineMs,
    claimMs: 1_000,
    clock,
  });
  const results = plans.map(() => ({ text: "", ends: [] as string[], late: [] as string[] }));

  const run = async (index: number): Promise<void> => {
    const result = results[index];
    const one = plans[index];
    if (!result || !one) return;
    const controller = new AbortController();
    const request: ModelRequest = {
      conversation: "seq:main",
      turn: index + 1,
      promptId: `p${index}`,
      author: "ada",
      messages: [{ role: "user", text: `p${index}` }],
      note: (about, data) => {
        if (about === "late-reply") result.late.push(String(data["text"]));
      },
    };
    try {
      for await (const event of model.stream(request, controller.signal)) {
        if (event.type === "text") result.text += event.text;
        if (event.type === "begin" && one.stop !== null)
          clock.after(one.stop, () => controller.abort(new ColloquyError("cancelled")));
        if (event.type === "finish") result.ends.push("completed");
      }
    } catch (thrown) {
      result.ends.push(thrown instanceof ColloquyError ? thrown.code : "?");
    }
  };

  const running: Promise<void>[] = [];
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += 20) {
      clock.advance(Math.min(20, ms - passed));
      await new Promise(setImmediate);
    }
  };
  for (const [index, { after }] of plans.entries()) {
    await pass(after);
    running.push(run(index));
    await new Promise(setImmediate);
  }
  await pass(plans.length * (deadlineMs + quarantineMs + 100));
  await Promise.all(running);
  await panel.close();
  return results;
};

test("P3 P7 peers without ids: each prompt ends once, and only with a reply that was said to it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(plan, { minLength: 1, maxLength: 6 }),
      fc.subarray([0, 1, 2]).filter((nodes) => nodes.length < 3),
      async (plans, echoing) => {
        const results = await play(plans, new Set(echoing));
        for (const [index, { text, ends, late }] of results.entries()) {
          expect(ends.length).toBe(1);
          expect(ends[0]).toMatch(/^(completed|no_reply|cancelled)$/);
          expect(text).toMatch(
            new RegExp(ends[0] === "completed" ? `^re p${index} by` : `^(re p${index} by .*)?$`),
          );
          const one = plans[index];
          const first = Math.min(...(one ? inTime(one, new Set(echoing)) : []).flat());
          if (first < Math.min(deadlineMs, one?.stop ?? deadlineMs) - 40) expect(ends).toEqual(["completed"]);
          for (const note of late) expect(note).toMatch(new RegExp(`^re p${index} by`));
        }
      },
    ),
    { numRuns: 200, verbose: 1 },
  );
}, 120_000);
