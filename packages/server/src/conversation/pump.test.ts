import { expect, test } from "vitest";
import { systemClock } from "../kernel/clock.ts";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { silentLogger, type Logger } from "../kernel/logger.ts";
import { createMeter } from "../kernel/meter.ts";
import { createMemoryJournal } from "../stores/memory-journal.ts";
import type { LiveJournal } from "../stores/live-journal.ts";
import { LiveText } from "./live-text.ts";
import { Pump, type Growing } from "./pump.ts";

const makePump = async (over: Partial<LiveJournal> = {}, logger: Logger = silentLogger): Promise<Pump> => {
  const journal = { ...createMemoryJournal(), ...over };
  await journal.start();
  return new Pump({ journal, clock: systemClock, logger, meter: createMeter(), frameIntervalMs: 1 });
};

/** A conversation whose telling can be waited for. */
const makeGrowing = (texts: readonly LiveText[] = []) => {
  const told = Promise.withResolvers<void>();
  const growing: Growing = {
    texts: () => texts,
    tell: () => {
      told.resolve();
      return false;
    },
  };
  return { growing, told: told.promise };
};

const speaking = (): LiveText => {
  const text = new LiveText("channel:a", 1);
  text.append("hello", 1);
  return text;
};

test("P5 while the journal fails, what is durable is told all the same, and the fault is logged once", async () => {
  const text = speaking();
  const faults: string[] = [];
  const three = Promise.withResolvers<void>();
  let writes = 0;
  const write = async (): Promise<void> => {
    writes += 1;
    if (writes === 3) three.resolve();
    throw new ColloquyError("store_unavailable");
  };
  const logger = { ...silentLogger, error: (_fields: object, message: string) => void faults.push(message) };
  const pump = await makePump({ write }, logger);
  const mute = makeGrowing([text]);
  const other = makeGrowing();
  pump.mark(mute.growing, true);
  pump.mark(other.growing, true);
  await other.told;
  await three.promise;
  // P4: nothing of the text is seen that is not in the journal.
  expect(text.visible).toBe(0);
  expect(faults).toHaveLength(1);
  await pump.close();
});

test("P5 a conversation that cannot be told does not keep others from being told, then or later", async () => {
  const pump = await makePump();
  const broken: Growing = {
    texts: () => [],
    tell: () => {
      throw new Error("broken");
    },
  };
  for (const _time of [1, 2]) {
    const other = makeGrowing();
    pump.mark(broken, true);
    pump.mark(other.growing, true);
    await expect(other.told).resolves.toBeUndefined();
  }
  await pump.close();
});

test("P4 a text that the journal has is shown before its readers are told", async () => {
  const text = speaking();
  const pump = await makePump();
  const { growing, told } = makeGrowing([text]);
  pump.mark(growing, false);
  await told;
  expect(text.visible).toBe(5);
  await pump.close();
});

/** Finished texts, and a journal that tells what it was given. */
const finishing = async () => {
  const text = speaking();
  text.finish(true);
  const written: string[] = [];
  const pump = await makePump({
    write: async (records) => void written.push(...records.map(({ escaped }) => escaped)),
  });
  return { text, written, pump };
};

test("P4 a reply that is whole at once is shown by the log alone: the journal need not have it", async () => {
  const { text, written, pump } = await finishing();
  const { growing, told } = makeGrowing([text]);
  pump.mark(growing, true);
  await told;
  expect(text.visible).toBe(0);
  text.stored(5);
  expect(text.visible).toBe(5);
  expect(written).toEqual([]);
  await pump.close();
});

test("P4 a last word that the log does not take is journalled, and shown, all the same", async () => {
  const { text, written, pump } = await finishing();
  const shown = Promise.withResolvers<void>();
  const growing: Growing = {
    texts: () => [text],
    tell: () => {
      if (text.visible === 5) shown.resolve();
      return false;
    },
  };
  pump.mark(growing, true);
  await shown.promise;
  expect(written).toEqual(["hello"]);
  await pump.close();
});
