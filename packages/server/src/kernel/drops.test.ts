import { expect, test } from "vitest";
import { manualClock } from "../../../../tests/stand-ins/manual-clock.ts";
import { createDrops } from "./drops.ts";
import { silentLogger } from "./logger.ts";

const make = () => {
  const clock = manualClock();
  const lines: object[] = [];
  const logger = { ...silentLogger, warn: (fields: object) => void lines.push(fields) };
  return { clock, lines, drops: createDrops("post", { late: 0, torn: 0 }, clock, logger) };
};

test("P5 the first is logged at once, a hundred thousand more once a second, and none is forgotten", () => {
  const { clock, lines, drops } = make();
  drops.count("late");
  for (let i = 0; i < 100_000; i += 1) {
    drops.count("torn");
    if (i % 20_000 === 0) clock.advance(500);
  }
  drops.close();
  expect(lines).toEqual([
    { dropped: { late: 1 } },
    { dropped: { torn: 20_001 } },
    { dropped: { torn: 40_000 } },
    { dropped: { torn: 39_999 } },
  ]);
  expect(drops.counts).toEqual({ late: 1, torn: 100_000 });
});

test("in quiet times no timer runs, and after the end nothing is logged", () => {
  const { clock, lines, drops } = make();
  expect(clock.pending).toBe(0);
  drops.count("late", 3);
  clock.advance(10_000);
  expect(clock.pending).toBe(0);
  drops.close();
  drops.count("late");
  clock.advance(10_000);
  expect([lines, drops.counts.late]).toEqual([[{ dropped: { late: 3 } }], 4]);
});
