import { colloquy } from "../subjects.ts";
import { kib, ms, type Row } from "./row.ts";

const seconds = { quick: 15, full: 60 };
const withinMs = 60_000;
const moreMemory = 64 * 1024;
const slowReaders = 100;

/**
 * What becomes of readers that read 1 KB/s. One reader's share of a process's memory cannot be seen, so there are a
 * hundred of them, and the same again at full speed on a second server for comparison.
 */
export const slowRow: Row = {
  name: "slow",
  light: true,
  async run(rig, quick) {
    const rate = 100;
    const work = {
      readers: slowReaders,
      rate,
      count: rate * (quick ? seconds.quick : seconds.full),
      fast: 20,
    } as const;
    const [slow, fast] = await Promise.all([
      rig.measure(colloquy, "slow", { ...work, bytesPerSecond: 1024 }),
      rig.measure(colloquy, "slow", { ...work, bytesPerSecond: 0 }),
    ]);
    const more = (slow.growth - fast.growth) / slowReaders;
    const pressure = slow.slowFrames < slow.fastFrames / 4;
    const whole = slow.connected === slowReaders && slow.exact === slowReaders;
    const unaffected = slow.othersP99 <= Math.max(100, fast.othersP99 * 1.5);
    for (const fault of slow.faults) rig.say(`  fault: ${fault}`);
    return [
      {
        figure: `a reader at 1 KB/s on a 100 token/s answer for ${quick ? seconds.quick : seconds.full} s (${slowReaders} such readers)`,
        goal: "pressure seen; connected; text equal within 60 s of the end; < 64 KiB more memory; others unaffected",
        ours:
          `${slow.slowFrames} frames instead of ${slow.fastFrames}; connected ${slow.connected}/${slowReaders}; equal ${slow.exact}/${slowReaders}, ` +
          `the last ${ms(slow.lastEndMs)} after the end; ${kib(more)} more each; others' p99 ${ms(slow.othersP99)}`,
        beside: `the same readers at full speed: equal ${fast.exact}/${slowReaders}, others' p99 ${ms(fast.othersP99)}`,
        uses: [],
        held: pressure && whole && slow.lastEndMs <= withinMs && more < moreMemory && unaffected,
      },
    ];
  },
};
