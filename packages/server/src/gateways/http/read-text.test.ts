import { expect, test } from "vitest";
import { readText } from "./read-text.ts";

test("P12 a body without end is read no further than its limit", async () => {
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        sent += 1_000;
        controller.enqueue(new Uint8Array(1_000));
      },
    },
    { highWaterMark: 0 },
  );
  await expect(readText(endless, 10_000)).rejects.toMatchObject({ code: "frame_too_large" });
  expect(sent).toBe(11_000);
});

test("a text that comes in pieces is whole, and none is empty", async () => {
  const bytes = Buffer.from("aé😀");
  const pieces = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  expect(await readText(pieces, bytes.length)).toBe("aé😀");
  expect(await readText(null, 10)).toBe("");
});
