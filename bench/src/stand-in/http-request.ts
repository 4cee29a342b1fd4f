/** A request as far as the stand-in cares: enough of HTTP/1.1 for a benchmark's own clients, and nothing more. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

const headEnd = Buffer.from("\r\n\r\n");

/** Collects the bytes of one connection and hands out each request once it is whole. */
export const createRequestReader = (onRequest: (request: HttpRequest) => void): ((chunk: Buffer) => void) => {
  let held: Buffer = Buffer.alloc(0);
  return (chunk) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    for (;;) {
      const at = held.indexOf(headEnd);
      if (at === -1) return;
      const head = held.toString("latin1", 0, at);
      const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
      const end = at + headEnd.length + length;
      if (held.length < end) return;
      const [method = "", path = ""] = head.slice(0, head.indexOf("\r\n")).split(" ");
      const body = held.toString("utf8", at + headEnd.length, end);
      held = held.subarray(end);
      onRequest({ method, path, body });
    }
  };
};
