import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import { systemIds } from "../kernel/ids.ts";
import { silentLogger } from "../kernel/logger.ts";
import { createSqliteStore } from "./sqlite-store.ts";

/*
 * Stores in processes of their own, killed as a power cut or an out-of-memory killer would. What such a process
 * has seen acknowledged it has told us before it died.
 */

const source = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
const program = `
  import { writeSync } from "node:fs";
  import { createSqliteStore } from ${source("./sqlite-store.ts")};
  import { systemClock } from ${source("../kernel/clock.ts")};
  import { systemIds } from ${source("../kernel/ids.ts")};
  import { silentLogger } from ${source("../kernel/logger.ts")};
  const say = (line) => writeSync(1, line + "\\n");
  const folder = process.env.STORE_FOLDER;
  const store = createSqliteStore({ folder, clock: systemClock, ids: systemIds, logger: silentLogger });
  try {
    await store.start();
  } catch (error) {
    say("refused " + error.message);
    process.exit(0);
  }
  say("started");
  // Every writer appends turns of three entries; an acknowledged append is told at once.
  const write = async (conversation) => {
    const { term, n } = await store.lead(conversation, true);
    for (let next = n + 1; ; next += 3) {
      const entries = [
        { kind: "prompt", at: 1, id: "p" + next, author: "ada", text: "x".repeat(2000), assistant: "guide" },
        { kind: "answer", at: 2, turn: next, part: next + ".1.0", offset: 0, text: "y".repeat(2000) },
        { kind: "turn-end", at: 3, turn: next, end: "completed" },
      ];
      await store.append({ conversation, term, expected: next, entries });
      say(conversation + " " + (next + 2));
    }
  };
  for (let i = 0; i < Number(process.env.WRITERS); i += 1) void write("channel:" + i);
`;

let folder: string;
const running = new Set<ChildProcess>();

interface Child {
  /** Whole lines that it has said so far. */
  lines(): string[];
  said(count: number): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

const child = (writers: number): Child => {
  const of = spawn(process.execPath, ["--conditions=colloquy-source", "--input-type=module", "-e", program], {
    env: { ...process.env, STORE_FOLDER: folder, WRITERS: String(writers) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.add(of);
  let text = "";
  of.stdout.setEncoding("utf8").on("data", (more: string) => (text += more));
  const lines = (): string[] => text.split("\n").slice(0, -1);
  return {
    lines,
    async said(count) {
      while (lines().length < count) await once(of.stdout, "data");
    },
    async kill() {
      const closed = once(of, "close");
      of.kill("SIGKILL");
      await closed;
      running.delete(of);
    },
  };
};

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "colloquy-crash-"));
});
afterEach(async () => {
  for (const left of running) left.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

const openHere = async () => {
  const store = createSqliteStore({ folder, clock: systemClock, ids: systemIds, logger: silentLogger });
  await store.start();
  return store;
};

test("P1 every append that was acknowledged before a kill -9 is there afterwards, and none in part", async () => {
  const acknowledged = new Map<string, number>();
  for (const lines of [60, 150, 400]) {
    const writer = child(8);
    await writer.said(lines);
    await writer.kill();
    for (const line of writer.lines().filter((said) => said !== "started")) {
      const [conversation = "", n] = line.split(" ");
      acknowledged.set(conversation, Number(n));
    }
    const store = await openHere();
    expect(await store.openTurns()).toEqual([]);
    for (const [conversation, n] of acknowledged) {
      const entries = await store.readAfter(conversation, 0, 100_000);
      expect(entries.length).toBeGreaterThanOrEqual(n);
      expect(entries.length % 3).toBe(0);
      expect(entries.map((entry) => entry.n)).toEqual(entries.map((_, index) => index + 1));
      expect(new Set(entries.map((entry) => entry.kind).slice(-3))).toEqual(
        new Set(["prompt", "answer", "turn-end"]),
      );
      expect(await store.findPrompt(conversation, `p${entries.length - 2}`)).toBe(entries.length - 2);
    }
    await store.close();
  }
  expect(acknowledged.size).toBe(8);
});

test("P12 a second server on a folder is refused, in another process as in this one, until the first has ended", async () => {
  const first = child(0);
  await first.said(1);
  const refusal = {
    code: "store_unavailable",
    message: expect.stringContaining(`${folder} is in use by another`),
  };
  await expect(openHere()).rejects.toMatchObject(refusal);
  const second = child(0);
  await second.said(1);
  expect(second.lines()[0]).toMatch(
    /^refused The store in .* is in use by another Colloquy server\. Stop that one/,
  );
  await second.kill();
  await first.kill();

  const store = await openHere();
  await expect(openHere()).rejects.toMatchObject(refusal);
  // The refused one must not have loosened the lock of the other on its way out.
  const third = child(0);
  await third.said(1);
  expect(third.lines()[0]).toContain("is in use by another");
  await third.kill();
  await store.close();
  const again = await openHere();
  await again.close();
});
