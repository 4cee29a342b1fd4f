import { request, type Dispatcher } from "undici";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { brokenFault, notAStreamFault } from "./provider-fault.ts";
import { refusalOf, type Head } from "./provider-head.ts";

/** Bytes of an error's body that are read. */
const refusalBytes = 16 * 1024;
/** Longest event of a stream that is read, in bytes: the packages that read it would hold any length. */
const longestEvent = 4 * 1024 * 1024;

/** Codes of connections that were there and broke. */
const brokenCodes = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

const faultOf = (thrown: unknown): unknown => {
  if (!(thrown instanceof Error)) return thrown;
  const code = "code" in thrown ? String(thrown.code) : "";
  const isBroken = brokenCodes.has(code) || thrown.name === "HTTPParserError";
  return brokenFault(isBroken ? "provider_cut_off" : "provider_unreachable", thrown);
};

/**
 * A `fetch` for packages that ask a provider for a stream, over our connections. Errors are ColloquyErrors; redirects are
 * not followed, since a key would go along; of an error's body only the beginning is read; what is no event stream is
 * `provider_not_a_stream`; a reader that does not read holds the provider back.
 *
 * @param secrets what must not stand in an error
 * @param now milliseconds since the epoch
 */
export const createProviderFetch =
  (dispatcher: Dispatcher, secrets: readonly string[], now: () => number): typeof fetch =>
  async (input, init = {}) => {
    const { signal } = init;
    const answer = await request(input instanceof Request ? input.url : input, {
      dispatcher,
      method: "POST",
      headers: Object.fromEntries(new Headers(init.headers)),
      body: typeof init.body === "string" || init.body instanceof Uint8Array ? init.body : null,
      headersTimeout: 0,
      bodyTimeout: 0,
      ...(signal && { signal }),
    }).catch((thrown: unknown) => {
      throw signal?.aborted ? signal.reason : faultOf(thrown);
    });
    const head: Head = { status: answer.statusCode, headers: answer.headers };
    const headers = headersOf(answer.headers);
    const status = answer.statusCode;
    if (status >= 300) return new Response(await beginningOf(answer.body), { status, headers });
    if (!/event-?stream/i.test(headers.get("content-type") ?? "")) {
      const refusal = refusalOf(head, [await beginningOf(answer.body)], now());
      throw notAStreamFault(refusal, secrets);
    }
    return new Response(streamOf(answer.body), { status, headers });
  };

const headersOf = (fields: Head["headers"]): Headers => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(fields))
    for (const one of [value].flat()) if (one !== undefined) headers.append(name, one);
  return headers;
};

type Body = Dispatcher.ResponseData["body"];

const beginningOf = async (body: Body): Promise<Buffer<ArrayBuffer>> => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      if (!Buffer.isBuffer(piece)) continue;
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= refusalBytes) break;
    }
  } catch {
    // What was read of it says enough.
  }
  return Buffer.concat(pieces).subarray(0, refusalBytes);
};

const isBytes = (piece: unknown): piece is Buffer<ArrayBuffer> => Buffer.isBuffer(piece);

const streamOf = (body: Body): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const pieces: AsyncIterator<unknown> = body[Symbol.asyncIterator]();
  let unended = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value: piece } = await pieces.next();
          if (done === true || !isBytes(piece)) return controller.close();
          const end = Math.max(piece.lastIndexOf("\n\n"), piece.lastIndexOf("\n\r\n"));
          unended = end === -1 ? unended + piece.length : piece.length - end;
          if (unended <= longestEvent) return controller.enqueue(piece);
          body.destroy();
          controller.error(new ColloquyError("provider_bad_stream", { detail: "an event is too long" }));
        } catch (thrown) {
          const error = faultOf(thrown);
          controller.error(error);
        }
      },
      cancel: () => void body.destroy(),
    },
    { highWaterMark: 0 },
  );
};
