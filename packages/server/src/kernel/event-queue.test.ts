import fc from "fast-check";
import { expect, test } from "vitest";
import { EventQueue } from "./event-queue.ts";

interface Item {
  readonly n: number;
}

const open = (capacity = 10) => {
  const seen = { drained: 0, left: 0 };
  const queue = new EventQueue<Item>({
    capacity,
    onDrained: () => (seen.drained += 1),
    onLeft: () => (seen.left += 1),
  });
  return { queue, seen };
};

const numbers = async (queue: EventQueue<Item>): Promise<number[]> => {
  const read: number[] = [];
  for await (const { n } of queue) read.push(n);
  return read;
};

test("hands over in order what was pushed before and while it is read", async () => {
  const { queue } = open();
  queue.push({ n: 1 }, 1);
  queue.push({ n: 2 }, 1);
  const reading = numbers(queue);
  await Promise.resolve();
  queue.push({ n: 3 }, 1);
  queue.push({ n: 4 }, 1);
  queue.end();
  queue.push({ n: 5 }, 1);
  expect(await reading).toEqual([1, 2, 3, 4]);
});

test("P5 is full at its capacity, drops nothing, and says once that it was drained", async () => {
  const { queue, seen } = open(3);
  for (const n of [1, 2, 3, 4]) queue.push({ n }, 1);
  expect(queue.full).toBe(true);
  for (const n of [1, 2, 3]) expect(await queue.next()).toEqual({ value: { n }, done: false });
  expect(seen.drained).toBe(0);
  expect(await queue.next()).toEqual({ value: { n: 4 }, done: false });
  expect(seen.drained).toBe(1);
  expect(queue.full).toBe(false);
});

test("the writer may push while it is told that the queue was drained", async () => {
  let refills = 0;
  const queue: EventQueue<Item> = new EventQueue({
    capacity: 1,
    onDrained: () => {
      refills += 1;
      if (refills === 3) queue.end();
      else queue.push({ n: refills }, 1);
    },
    onLeft: () => {},
  });
  queue.push({ n: 0 }, 1);
  expect(await numbers(queue)).toEqual([0, 1, 2]);
});

test("an error comes after what was pushed before it, and once", async () => {
  const { queue } = open();
  queue.push({ n: 1 }, 1);
  queue.fail(new Error("broken"));
  queue.fail(new Error("too late"));
  expect(await queue.next()).toEqual({ value: { n: 1 }, done: false });
  await expect(queue.next()).rejects.toThrow("broken");
  expect(await queue.next()).toEqual({ value: undefined, done: true });
});

test("an error wakes a reader that waits", async () => {
  const { queue } = open();
  const next = queue.next();
  queue.fail(new Error("broken"));
  await expect(next).rejects.toThrow("broken");
});

test("a cut throws at once and drops what was not read, an end too", async () => {
  const { queue } = open();
  queue.push({ n: 1 }, 1);
  queue.end();
  queue.cut(new Error("stopped"));
  await expect(queue.next()).rejects.toThrow("stopped");
  expect(await queue.next()).toEqual({ value: undefined, done: true });
});

test("a reader that leaves is noticed once, and only before the end", async () => {
  const early = open();
  early.queue.push({ n: 1 }, 1);
  for await (const item of early.queue) if (item.n === 1) break;
  await early.queue.return();
  expect(early.seen.left).toBe(1);
  expect(await early.queue.next()).toEqual({ value: undefined, done: true });

  const whole = open();
  whole.queue.push({ n: 1 }, 1);
  whole.queue.end();
  for await (const item of whole.queue) if (item.n === 1) break;
  expect(whole.seen.left).toBe(0);
});

test("a second reader is told that there is one already", async () => {
  const { queue } = open();
  const first = queue.next();
  await expect(queue.next()).rejects.toThrow("one reader");
  queue.end();
  expect((await first).done).toBe(true);
});

test("any interleaving of pushes and reads keeps order, and the queue is full when its capacity is held", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 3 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 5 }),
      async (moves, capacity) => {
        const { queue } = open(capacity);
        const read: number[] = [];
        let pushed = 0;
        for (const move of moves) {
          if (move > 0) {
            queue.push({ n: (pushed += 1) }, 1);
          } else if (read.length < pushed) {
            const { value } = await queue.next();
            if (value) read.push(value.n);
          }
          if (pushed - read.length >= capacity) expect(queue.full).toBe(true);
          if (pushed === read.length) expect(queue.full).toBe(false);
        }
        queue.end();
        read.push(...(await numbers(queue)));
        expect(read).toEqual(Array.from({ length: pushed }, (_, index) => index + 1));
      },
    ),
  );
});
