import { expect, test } from "vitest";
import type { Accepted, Entry } from "@colloquy/protocol";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import { ada } from "../heart/bed.ts";
import { contestFacts } from "./contest-facts.ts";
import { createFates, ownersOf, thinkingOf } from "./fates.ts";
import { freeUdpPort } from "./free-udp-port.ts";
import { openLossyPath } from "./lossy-path.ts";
import { startMortalSocket, startMortalWorker } from "./mortal-peer.ts";
import { closeAfterEach, conversation, makeUdpBed, type UdpBed } from "./udp-bed.ts";

closeAfterEach();

/** Set `SEQUENCER_FAULTS_SEED` to give every prompt, datagram and peer the same fate again, `SEQUENCER_FAULTS` to ask more prompts. */
const seed = Number(process.env["SEQUENCER_FAULTS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const count = Number(process.env["SEQUENCER_FAULTS"] ?? 3_000);

const peerCount = 6;
const parallel = 64;
/** A few wait all the time, so that the queue is tried too. */
const waiting = 16;
const deadlineMs = 250;

/** How a prompt may end here. */
const endings = new Set(["completed", "cancelled", "no_reply", "no_model"]);

const textOf = (prompt: string): string => `${prompt} who knows?`;
const promptOf = (text: string): string => text.split(" ", 1)[0] ?? "";
const answerOf = (prompt: string, peer: number): string => `${prompt} is known to ${peer}`;

/** Six peers, half of them our workers, each behind a path that loses, doubles and reorders. */
const makeFaultyBed = async () => {
  const fates = createFates(seed);
  const sequencerPort = await freeUdpPort();
  const shares = { loss: 0.05, doubling: 0.05, reordering: 0.05 };
  const lines = [];
  for (let name = 0; name < peerCount; name += 1) {
    const path = await openLossyPath({ name, sequencerPort, fates, ...shares });
    const peer = await (name % 2 === 0 ? startMortalWorker : startMortalSocket)({
      replyTo: path.port,
      answer(text) {
        const prompt = promptOf(text);
        if (!ownersOf(fates, prompt, peerCount).has(name)) return undefined;
        return { text: answerOf(prompt, name), afterMs: thinkingOf(fates, prompt, name, deadlineMs) };
      },
      kills: (text) => {
        const dice = fates.of("kills", promptOf(text));
        return dice.next() < 0.01 && dice.below(peerCount) === name;
      },
    });
    path.peerPort = peer.port;
    lines.push({ path, peer });
  }
  const bed = await makeUdpBed(
    { peers: lines.map(({ path }) => ({ port: path.port, echoes: true })), listenPort: sequencerPort },
    { deadlineMs, turns: { parallel, waiting } },
  );
  return { ...bed, fates, lines };
};

const readLog = async ({ store }: UdpBed): Promise<readonly Entry[]> => {
  const log: Entry[] = [];
  for (;;) {
    const page = await store.readAfter(conversation, log.length, 1_000);
    if (page.length === 0) return log;
    for (const entry of page) log.push(entry);
  }
};

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "no error",
    (thrown: unknown) => (thrown instanceof ColloquyError ? thrown.code : String(thrown)),
  );

test(
  `P3 P6 P7 P9 ${count} prompts on lossy paths to peers that die: each ends once, with its own answer or none (SEQUENCER_FAULTS_SEED=${seed})`,
  { timeout: 60_000 + count * 20 },
  async () => {
    console.info(`SEQUENCER_FAULTS_SEED=${seed} SEQUENCER_FAULTS=${count}`);
    const bed = await makeFaultyBed();
    const { heart, ear, fates, lines, store } = bed;
    const stopped = new Set<string>();
    const turns = new Map<string, number>();

    const repeat = async (prompt: string, { turn }: Accepted): Promise<void> => {
      const again = await heart.prompt(ada, conversation, { text: textOf(prompt), promptId: prompt });
      expect([again.turn, again.repeated]).toEqual([turn, true]);
      const other = heart.prompt(ada, conversation, { text: "something else", promptId: prompt });
      expect(await codeOf(other)).toBe("prompt_id_taken");
    };

    const stop = async (prompt: string, { turn }: Accepted): Promise<void> => {
      stopped.add(prompt);
      await heart.cancel(ada, conversation, prompt);
      const kinds = (await store.readTurn(conversation, turn)).map(({ kind }) => kind);
      expect(kinds).toContain("turn-end");
    };

    const askOne = async (prompt: string): Promise<void> => {
      const accepted = await heart.prompt(ada, conversation, { text: textOf(prompt), promptId: prompt });
      turns.set(prompt, accepted.turn);
      const dice = fates.of("asker", prompt);
      const afterMs = dice.below(30);
      if (dice.next() < 0.02) await repeat(prompt, accepted);
      if (dice.next() < 0.03) {
        if (dice.next() < 0.7) await new Promise((resolve) => setTimeout(resolve, afterMs));
        await stop(prompt, accepted);
      }
      await ear.untilEnded(accepted.turn);
      if (dice.next() < 0.02) await repeat(prompt, accepted);
    };

    let next = 0;
    const asker = async (): Promise<void> => {
      for (; next < count;) {
        const prompt = `q${next}`;
        next += 1;
        await askOne(prompt);
      }
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: parallel + waiting }, asker));
    const seconds = (performance.now() - began) / 1_000;

    const log = await readLog(bed);
    const facts = contestFacts(log);
    expect(facts.size).toBe(count);
    const tally: Record<string, number> = {};
    let late = 0;
    const wrongs: unknown[] = [];
    for (const { id, turn, text, answers, ends, late: lateOnes } of facts.values()) {
      const possible = [...ownersOf(fates, id, peerCount)].map((peer) => answerOf(id, peer));
      const [end = "none"] = ends;
      tally[end] = (tally[end] ?? 0) + 1;
      late += lateOnes.length;
      const holds = {
        "it is the prompt that was accepted": turn === turns.get(id) && text === textOf(id),
        "it ends once": ends.length === 1 && endings.has(end),
        "it is stopped only if it was": end !== "cancelled" || stopped.has(id),
        "it has one answer or none": answers.length === (end === "completed" ? 1 : 0),
        "all that is said of it is its own": [...answers, ...lateOnes].every((one) => possible.includes(one)),
        "people saw what the log has": ear.ends.get(turn) === end && ear.texts.get(turn) === answers[0],
      };
      const broken = Object.entries(holds).flatMap(([what, so]) => (so ? [] : [what]));
      if (broken.length > 0) wrongs.push({ id, broken, ends, answers, lateOnes, possible });
    }
    expect(wrongs).toEqual([]);
    expect(bed.meter.running + bed.meter.queued).toBe(0);

    const sum = (of: (line: (typeof lines)[number]) => number): number =>
      lines.reduce((total, line) => total + of(line), 0);
    const faults = {
      lost: sum(({ path }) => path.lost),
      doubled: sum(({ path }) => path.doubled),
      reordered: sum(({ path }) => path.reordered),
      deaths: sum(({ peer }) => peer.deaths),
    };
    console.info(`${Math.round(count / seconds)} prompts a second`, { ...tally, late, ...faults });
    // The run was as hard as it was meant to be.
    expect(Object.entries({ ...faults, late }).filter(([, times]) => times === 0)).toEqual([]);
    expect(tally["completed"]).toBeGreaterThan(count / 2);
  },
);
