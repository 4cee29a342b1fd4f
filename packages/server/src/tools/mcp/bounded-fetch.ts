/** Counts what came since the last end of an event, for streams that are meant to go on; of other bodies, all of it. */
const createCount = (limit: number, events: boolean) => {
  let count = 0;
  let last = 0;
  return (chunk: Uint8Array): boolean => {
    let from = -1;
    if (events) {
      // An empty line ends an event; its line ends may come in two chunks.
      for (let i = 0; i < chunk.length; i += 1) {
        const byte = chunk[i] ?? 0;
        if (byte === 13) continue;
        if (byte === 10 && last === 10) from = i;
        last = byte;
      }
    }
    count = from === -1 ? count + chunk.length : chunk.length - from - 1;
    return count <= limit;
  };
};

/**
 * A fetch whose answers end with an error where a body, or one event of a stream, grows longer than `limit` bytes.
 *
 * @param fetched what does the work
 */
export const boundedFetch =
  (limit: number, fetched: typeof fetch = fetch) =>
  async (url: string | URL, init?: RequestInit): Promise<Response> => {
    const response = await fetched(url, init);
    if (!response.body) return response;
    const fits = createCount(limit, /event-stream/i.test(response.headers.get("content-type") ?? ""));
    const bounded = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          if (fits(chunk)) controller.enqueue(chunk);
          else controller.error(new Error(`more than ${limit} bytes at once`));
        },
      }),
    );
    const { status, statusText, headers } = response;
    return new Response(bounded, { status, statusText, headers });
  };
