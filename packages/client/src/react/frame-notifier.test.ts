import { expect, test } from "vitest";
import { createFrameNotifier } from "./frame-notifier.ts";

test("many changes within a frame are one notice, and none comes after the end", () => {
  const frames: (() => void)[] = [];
  let calledOff = 0;
  let notices = 0;
  const schedule = (run: () => void) => {
    frames.push(run);
    return () => {
      calledOff += 1;
    };
  };
  const [changed, stop] = createFrameNotifier(() => (notices += 1), schedule);
  for (let i = 0; i < 50; i += 1) changed();
  expect(frames.length).toBe(1);
  expect(notices).toBe(0);
  frames.shift()?.();
  expect(notices).toBe(1);
  changed();
  expect(frames.length).toBe(1);
  const before = calledOff;
  stop();
  expect(calledOff).toBe(before + 1);
  expect(notices).toBe(1);
});
