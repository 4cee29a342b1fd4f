import type { TurnView } from "@colloquy/client";
import { expect, test } from "vitest";
import { channelRights } from "./rights.ts";

const by = (author?: string): TurnView => ({
  messageId: "m",
  state: "running",
  text: "",
  ...(author !== undefined && { author }),
});
const none = { read: ["*"], prompt: [], stop: [], approve: [] };

test("P11 who may ask may stop and decide about their own, others' only where that is granted", () => {
  const asks = channelRights({ ...none, prompt: ["lobby"] }, "lobby", "ada");
  expect([asks.ask, asks.stop(by("ada")), asks.decide(by("ada")), asks.decide(by())]).not.toContain(false);
  expect([asks.stop(by("ben")), asks.decide(by("ben"))]).not.toContain(true);
  const minds = channelRights({ ...none, stop: ["*"] }, "lobby", "ada");
  expect([minds.ask, minds.stop(by("ben")), minds.decide(by("ada"))]).toEqual([false, true, false]);
});

test("where the grants are not known, the server decides", () => {
  const { ask, stop, decide } = channelRights(undefined, "lobby", "ada");
  expect([ask, stop(by("ben")), decide(by("ben"))]).toEqual([true, true, true]);
});
