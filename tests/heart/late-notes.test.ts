import { expect, test } from "vitest";
import { createLateNotes } from "../../packages/server/src/conversation/late-notes.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";
import { ada, makeBed } from "./bed.ts";
import { createPuppet } from "./puppet-model.ts";

test("P7.5 a late reply to a turn whose conversation was forgotten and opened again was lost", async () => {
  const model = createPuppet();
  const clock = manualClock();
  const { heart, meter, listen } = await makeBed({ model, clock });
  const { ear, reader } = listen("channel:a");
  const { turn } = await heart.prompt(ada, "channel:a", { text: "one" });
  const call = await model.asked();
  call.finish();
  await ear.untilEnded(turn);
  reader.close();
  clock.advance(30_000);
  expect(meter.conversations).toBe(0);
  await heart.prompt(ada, "channel:a", { text: "two" });
  const again = listen("channel:a");
  call.request.note?.("late-reply", { model: "slow", text: "Here I am." });
  await again.ear.until(() => again.ear.kinds().filter((kind) => kind === "note").length > 0);
  const { entries } = await heart.history(ada, "channel:a", {});
  expect(entries.at(-1)).toMatchObject({ kind: "note", about: "late-reply", turn });
});

test("P5 late notes that a store does not take in time are refused beyond a bound", async () => {
  const gate = Promise.withResolvers<void>();
  const write = createLateNotes(() => ({ open: async () => true, write: () => gate.promise }));
  const note = { kind: "note" as const, about: "late-reply" as const, turn: 1, at: 0 };
  const written = Array.from({ length: 256 }, () => write("channel:a", note));
  await expect(write("channel:a", note)).rejects.toMatchObject({ code: "queue_full" });
  gate.resolve();
  await Promise.all(written);
  await write("channel:a", note);
});
