import { expect, test } from "vitest";
import { boundedFetch } from "./bounded-fetch.ts";

/** A fetch of an answer in these pieces. */
const answering =
  (type: string, ...pieces: string[]): typeof fetch =>
  async () =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
          controller.close();
        },
      }),
      { status: 201, headers: { "content-type": type, "mcp-session-id": "s" } },
    );
const read = async (fetched: typeof fetch): Promise<string> =>
  (await boundedFetch(10, fetched)("http://server")).text();

test("P5 a body may be as long as the limit, and no longer", async () => {
  expect(await read(answering("application/json", "12345", "67890"))).toBe("1234567890");
  await expect(read(answering("application/json", "12345", "678901"))).rejects.toThrow(/more than 10 bytes/);
});

test("P5 a stream may go on for ever, one event of it may not", async () => {
  const stream = "text/event-stream; charset=utf-8";
  expect(await read(answering(stream, "data: a\n\n", "data: b\n", "\ndata: c\n\n"))).toHaveLength(27);
  expect(await read(answering(stream, "data: a\r\n\r\ndata", ": b\r\n\r", "\ndata: c"))).toHaveLength(29);
  await expect(read(answering(stream, "data: a\n\n", "data: 12", "345"))).rejects.toThrow(/more than 10/);
  await expect(read(answering(stream, "data: a\n".repeat(2)))).rejects.toThrow(/more than 10/);
});

test("status and headers are those of the answer; an answer without a body is itself", async () => {
  const response = await boundedFetch(10, answering("text/plain", "a"))("http://server");
  expect([response.status, response.headers.get("mcp-session-id")]).toEqual([201, "s"]);
  const none = new Response(null, { status: 204 });
  expect(await boundedFetch(10, async () => none)("http://server")).toBe(none);
});
