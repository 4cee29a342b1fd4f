import { expect, onTestFinished, test } from "vitest";
import type { Entry } from "@colloquy/protocol";
import { WebSocket } from "ws";
import { freshFolder, runProgram, type Program } from "../server/process.ts";
import { startProvider, type ProviderScript } from "../stand-ins/provider.ts";
import { until } from "../stand-ins/until.ts";
import { diceOf, type Dice } from "./dice.ts";
import { verify } from "./verify.ts";
import { Witness } from "./witness.ts";

/** Set `HISTORY_SEED` to play one history again, `HISTORY_RUNS` to play more of them. */
const given = process.env["HISTORY_SEED"];
const runs = Number(process.env["HISTORY_RUNS"] ?? 3);
const seeds =
  given === undefined
    ? Array.from({ length: runs }, () => Math.floor(Math.random() * 2 ** 31))
    : [Number(given)];

/** An answer that differs from its earlier run somewhere, now and then, fails in the middle, or takes its time. */
const moody = (dice: Dice): ProviderScript => {
  const asked = new Map<string, number>();
  return async (answer, { body }) => {
    const prompt = JSON.stringify(body).slice(-200);
    const run = (asked.get(prompt) ?? 0) + 1;
    asked.set(prompt, run);
    const words = 4 + dice.below(20);
    const differsFrom = dice.below(40);
    for (let i = 0; i < words; i += 1) {
      await answer.text(i >= differsFrom ? `w${i}😀r${run} ` : `w${i}😀 `);
      await new Promise((resolve) => setTimeout(resolve, dice.below(12)));
      if (dice.below(60) === 0) return answer.cut();
    }
    await answer.finish();
    return answer.done();
  };
};

/** The whole log, read in pages by somebody who was not there. */
const readLog = (url: string, channel: string): Promise<Entry[]> =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    const log: Entry[] = [];
    const ask = (before?: number): void =>
      socket.send(
        JSON.stringify({
          channel,
          payload: { action: "history", id: "h", limit: 50, ...(before !== undefined && { before }) },
        }),
      );
    socket.on("open", () => ask());
    socket.on("error", reject);
    socket.on("message", (data: Buffer) => {
      const { payload } = JSON.parse(data.toString());
      if (payload.id !== "h") return;
      log.unshift(...payload.entries);
      if (payload.more) ask(log[0]?.n);
      else {
        socket.close();
        resolve(log);
      }
    });
  });

test.each(seeds)(
  "P1 P2 P3 P4 P6 P8 P9 histories hold under cuts, kills, restarts and cancels (HISTORY_SEED=%i)",
  { timeout: 120_000 },
  async (seed) => {
    const dice = diceOf(seed);
    const provider = await startProvider({ script: moody(diceOf(seed + 1)) });
    onTestFinished(() => provider.close());
    const env = {
      PORT: "0",
      DATA_DIR: freshFolder(),
      OPENAI_BASE_URL: provider.url,
      MODEL: "openai:moody",
      LOG_LEVEL: "error",
    };
    let port = 0;
    let program: Program | undefined;
    const serve = async (): Promise<void> => {
      program = runProgram("packages/server/src/main.ts", ["serve"], { ...env, PORT: String(port) });
      port = Number((await program.says(/ws:\/\/localhost:(\d+)\/ws/))[1]);
    };
    await serve();
    const url = (): string => `ws://127.0.0.1:${port}/ws`;
    const witnesses = ["ann", "bob", "cid", "dee"].map((name) => new Witness(name, url, "room"));
    onTestFinished(() => witnesses.forEach((witness) => witness.close()));
    for (const witness of witnesses) witness.connect();
    const sent = new Map<string, string>();
    const someone = (): Witness =>
      witnesses[dice.below(witnesses.length)] ?? new Witness("nobody", url, "room");
    for (let i = 0; i < 60; i += 1) {
      const id = `m${dice.below(3) === 0 && sent.size > 0 ? dice.below(sent.size) : sent.size}`;
      switch (dice.below(9)) {
        case 0:
        case 1:
        case 2:
          // Now and then the same again: ids name texts.
          sent.set(id, `question ${id}`);
          someone().prompt(id, `question ${id}`);
          break;
        case 3:
        case 4:
          someone().cut();
          break;
        case 5:
          someone().cancel(id);
          break;
        case 6:
          someone().forget();
          break;
        case 7:
          if (dice.below(4) === 0) {
            program?.child.kill(dice.below(3) === 0 ? "SIGTERM" : "SIGKILL");
            if (dice.below(2) === 0) program?.child.kill("SIGTERM");
            await program?.ended;
            await serve();
          }
          break;
        default:
          await new Promise((resolve) => setTimeout(resolve, dice.below(60)));
      }
    }
    await until(() => witnesses.every((witness) => witness.settled));
    const open = async (): Promise<boolean> => {
      const log = await readLog(url(), "room");
      const ended = new Set(log.flatMap((entry) => (entry.kind === "turn-end" ? [entry.turn] : [])));
      return log.some((entry) => entry.kind === "prompt" && !ended.has(entry.n));
    };
    while (await open()) await new Promise((resolve) => setTimeout(resolve, 50));
    const log = await readLog(url(), "room");
    // Nobody is left behind: whoever reads is told of the last end.
    const last = log.findLast((entry) => entry.kind === "turn-end")?.n ?? 0;
    for (const witness of witnesses) witness.cut();
    await until(() => witnesses.every((witness) => witness.reached(last)));
    expect(verify({ log, witnesses, sent })).toEqual([]);
  },
);
