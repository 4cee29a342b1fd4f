import type { Contest } from "@colloquy/client";
import { describe, expect, test } from "vitest";
import { shortDuration } from "../clock/short-duration.ts";
import { askingWords, contestRows, contestSummary } from "./contest-words.ts";
import { endWords, progressWords } from "./turn-words.ts";

const asked = ["sums", "time", "text", "files"].map((model) => ({ model, about: `about ${model}` }));
const open: Contest = { asked, models: [], late: [] };
const won: Contest = {
  ...open,
  policy: "first",
  winner: "time",
  ms: 12.3,
  models: [
    { model: "sums", standing: "declined", firstMs: 2, lastMs: 2 },
    { model: "time", standing: "replied", firstMs: 5, lastMs: 11.8 },
    { model: "text", standing: "stood-down" },
    { model: "files", standing: "lost" },
  ],
};

describe("what is said about a contest", () => {
  test("who won in what time, and what the others did", () => {
    expect(contestSummary(won)).toBe(
      "answered by time in 12 ms · 4 asked · 1 stood down · 1 declined · 1 lost",
    );
    expect(contestRows(won).map(({ model, words }) => [model, words])).toEqual([
      ["time", "answered · 12 ms"],
      ["sums", "declined · 2 ms"],
      ["text", "stood down"],
      ["files", "was lost"],
    ]);
    expect(contestRows(won)[0]?.about).toBe("about time");
  });

  test("P7 a late reply is shown as late, never as the answer", () => {
    const late = { ...won, late: [{ model: "text", text: "Me too!", ms: 1_900 }] };
    expect(contestSummary(late)).toBe(
      "answered by time in 12 ms · 4 asked · 1 declined · 1 lost · 1 too late",
    );
    expect(contestRows(late)[2]).toMatchObject({ fate: "late", words: "too late · 1.9 s", late: "Me too!" });
  });

  test("why nobody won", () => {
    const silent = asked.map(({ model }) => ({ model, standing: "asked" }));
    const nobody: Contest = { ...open, policy: "first", code: "no_reply", ms: 30_000, models: silent };
    expect(contestSummary(nobody)).toBe("nobody replied in time · 4 asked · 4 silent");
    expect(contestSummary({ ...nobody, code: "no_model" })).toMatch(/^nobody took it · /);
    const models = [{ model: "sums", standing: "lost" }];
    const lost: Contest = { ...nobody, winner: "sums", code: "worker_lost", models };
    expect(contestSummary(lost)).toMatch(/^sums began and did not finish · 4 asked · 1 lost$/);
    const rescued = { ...nobody, fallback: "demo:guide" };
    expect(contestSummary(rescued)).toMatch(/^nobody replied in time, so demo:guide was asked · /);
    expect(askingWords(rescued, 0)).toBe("Nobody took it. Asking demo:guide…");
  });

  test("replies that stand by themselves are counted", () => {
    const models = won.models.map((part) => ({ ...part, standing: "replied" }));
    const { winner: _winner, ...all } = { ...won, policy: "all", models };
    expect(contestSummary(all)).toBe("4 models replied in 12 ms · 4 asked");
    const replies = [{ model: "sums", text: "4", at: 1 }];
    const turn = { messageId: "m", state: "completed" as const, text: "", contest: all, replies };
    expect(endWords(turn)).toBeUndefined();
  });

  test("P8 before the decision it is said who is being asked, and what was heard so far", () => {
    expect(askingWords(open, 0)).toBe("Asking 4 models…");
    expect(askingWords({ ...open, asked: asked.slice(0, 1) }, 0)).toBe("Asking 1 model…");
    expect(askingWords(open, 2)).toBe("2 of 4 models replied…");
    expect(askingWords(won, 0)).toBeUndefined();
    const turn = { messageId: "m", state: "running" as const, text: "", contest: open };
    expect(progressWords(turn, true)).toBe("Asking 4 models…");
    expect(progressWords({ ...turn, text: "4" }, true)).toBeUndefined();
    expect(contestSummary(open)).toBe("4 asked");
    expect(contestRows(open)[0]?.words).toBe("asked");
  });

  test("times are as short as they are", () => {
    expect([0, 0.04, 0.4, 0.96, 12.4, 999.4, 999.5, 61_000].map(shortDuration)).toEqual([
      "0 ms",
      "0.1 ms",
      "0.4 ms",
      "1 ms",
      "12 ms",
      "999 ms",
      "1.0 s",
      "1 min 1 s",
    ]);
  });
});
