import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import type { ModelRequest } from "../../packages/server/src/models/model.ts";
import { createUdpPanel } from "../../packages/server/src/models/udp-panel.ts";
import { createSequencerModel } from "../../packages/server/src/sequencer/sequencer-model.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { createFakeNet, type NodePrompt } from "./fake-net.ts";

const ports = [5001, 5002, 5003, 5004, 5005, 5006];
const deadlineMs = 250;
const inFlight = 64;

/** Numbers between 0 and 1 that a seed brings back (mulberry32). */
const createRandom = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
};

/**
 * Asks `count` prompts of six workers that repeat ids, over a net that loses 5 % of the datagrams, doubles 5 %, delays 5 %
 * past others, and whose workers forget what they are at in 1 % of the cases. Each prompt is one worker's own.
 */
const play = async (count: number, seed: number) => {
  const random = createRandom(seed);
  const clock = manualClock();
  const carry = (deliver: () => void): void => {
    if (random() < 0.05) return;
    const late = random() < 0.05 ? 60 + random() * 300 : 0;
    clock.after(1 + random() * 20 + late, deliver);
    if (random() < 0.05) clock.after(1 + random() * 400, deliver);
  };
  const seen = new Set<string>();
  const onPrompt = ({ prompt, id, port }: NodePrompt): void =>
    carry(() => {
      const sender = `Worker-${port}`;
      const own = ports[Number(prompt.slice(1)) % ports.length] === port;
      if (seen.has(`${id} ${port}`) || random() < 0.01) return;
      seen.add(`${id} ${port}`);
      clock.after(random() * 60, () =>
        carry(() =>
          net.deliver(
            own ? { message: `re ${prompt}`, sysbool: "True", sender, id } : { id, sender, decline: true },
          ),
        ),
      );
    });
  const net = createFakeNet(onPrompt);
  const peers = ports.map((port) => ({ port, echoes: true }));
  const panel = createUdpPanel({ peers, listenPort: 5000, clock, openSocket: net.openSocket });
  await panel.start();
  const model = createSequencerModel({
    id: "sequencer:test",
    panels: [panel],
    policy: "first",
    deadlineMs,
    claimMs: 1_000,
    clock,
  });
  const ends = { completed: 0, no_reply: 0, no_model: 0, cancelled: 0 };
  const wrong: string[] = [];
  let running = 0;
  let next = 0;

  const run = async (n: number): Promise<void> => {
    let text = "";
    let end: string = "completed";
    const controller = new AbortController();
    const request: ModelRequest = {
      conversation: "seq:main",
      turn: n,
      promptId: `p${n}`,
      author: "ada",
      messages: [{ role: "user", text: `p${n}` }],
      note: (about, data) => {
        if (about === "late-reply" && data["text"] !== `re p${n}`)
          wrong.push(`${String(data["text"])} to p${n}`);
      },
    };
    if (random() < 0.02) clock.after(random() * 100, () => controller.abort(new ColloquyError("cancelled")));
    try {
      for await (const event of model.stream(request, controller.signal))
        if (event.type === "text") text += event.text;
    } catch (thrown) {
      end = thrown instanceof ColloquyError ? thrown.code : "internal";
    }
    if (end === "completed" ? text !== `re p${n}` : text !== "" && text !== `re p${n}`)
      wrong.push(`${text} to p${n}`);
    if (end === "completed" || end === "no_reply" || end === "no_model" || end === "cancelled")
      ends[end] += 1;
    else wrong.push(`${end} to p${n}`);
    running -= 1;
  };

  while (next < count || running > 0) {
    while (next < count && running < inFlight) {
      running += 1;
      void run(next);
      next += 1;
    }
    await new Promise(setImmediate);
    clock.advance(5);
  }
  await panel.close();
  return { ends, wrong };
};

test("P3 P7 P9 datagrams lost, doubled, out of order, workers gone: no wrong answer, and every prompt ends", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const { ends, wrong } = await play(1_000, seed);
      expect(wrong).toEqual([]);
      expect(Object.values(ends).reduce((sum, count) => sum + count, 0)).toBe(1_000);
      expect(ends.completed).toBeGreaterThan(800);
    }),
    { numRuns: 8, verbose: 1 },
  );
});
