import { expect, test } from "vitest";
import { createOutbox, joinFrames } from "./outbox.ts";

test("what comes together in one turn of the loop, promises included, goes out once, and before the next turn", async () => {
  const outbox = createOutbox();
  const order: string[] = [];
  const done = Promise.withResolvers<void>();
  const promised = async (): Promise<void> => {
    outbox.add({ flush: () => void order.push("flushed") });
    await Promise.resolve();
    order.push("promised");
  };
  setImmediate(() => void Promise.resolve().then(promised));
  setImmediate(() => {
    order.push("next");
    done.resolve();
  });
  await done.promise;
  expect(order).toEqual(["promised", "flushed", "next"]);
});

test("an outlet that is added while others are flushed has its turn", async () => {
  const outbox = createOutbox();
  const flushed: string[] = [];
  const done = Promise.withResolvers<void>();
  const second = {
    flush: (): void => {
      flushed.push("second");
      done.resolve();
    },
  };
  outbox.add({
    flush() {
      flushed.push("first");
      outbox.add(second);
    },
  });
  await done.promise;
  expect(flushed).toEqual(["first", "second"]);
});

test("frames are joined in their order; a single one is not copied, and large ones are left alone", () => {
  const frame = Buffer.from("one");
  expect(joinFrames([frame])).toBe(frame);
  expect(joinFrames([frame, Buffer.from("two")])?.toString()).toBe("onetwo");
  expect(joinFrames([Buffer.alloc(40_000), Buffer.alloc(40_000)])).toBeUndefined();
});
