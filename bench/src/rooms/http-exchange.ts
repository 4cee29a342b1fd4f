import { connect, type Socket } from "node:net";

/** Requests one after the other on a kept connection: as much of HTTP/1.1 as polling needs. */
export interface HttpExchange {
  /** Resolves with the body; rejects on anything but 200 and when the connection is lost. */
  ask(method: "GET" | "POST", path: string, body?: string): Promise<string>;
  close(): void;
}

interface Pending {
  readonly resolve: (body: string) => void;
  readonly reject: (error: Error) => void;
}

/** Servers let go of connections that are silent for 5 s; a fresh one is taken before that, milliseconds. */
const freshAfterMs = 3_000;
const headEnd = "\r\n\r\n";

export const createHttpExchange = (port: number): HttpExchange => {
  let socket: Socket | undefined;
  let usedAt = 0;
  let held = "";
  let pending: Pending | undefined;

  const read = (): void => {
    const at = held.indexOf(headEnd);
    if (at === -1 || !pending) return;
    const head = held.slice(0, at);
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const end = at + headEnd.length + length;
    if (held.length < end) return;
    const body = held.slice(at + headEnd.length, end);
    held = held.slice(end);
    const { resolve, reject } = pending;
    pending = undefined;
    usedAt = performance.now();
    if (/^connection: close/im.test(head)) socket = undefined;
    if (head.startsWith("HTTP/1.1 200")) resolve(body);
    else reject(new Error(`${head.slice(0, head.indexOf("\r\n"))} ${body}`));
  };
  const open = (): Socket => {
    socket?.destroy();
    held = "";
    const made = connect({ port, host: "127.0.0.1", noDelay: true });
    // Texts of a benchmark are ASCII.
    made.setEncoding("latin1");
    made.on("data", (text: string) => {
      if (made !== socket) return;
      held += text;
      read();
    });
    made.on("error", () => made.destroy());
    made.on("close", () => {
      if (made !== socket) return;
      socket = undefined;
      pending?.reject(new Error("the connection was lost"));
      pending = undefined;
    });
    socket = made;
    return made;
  };

  return {
    ask(method, path, body = "") {
      const stale = performance.now() - usedAt > freshAfterMs;
      const on = socket && !stale ? socket : open();
      const answered = Promise.withResolvers<string>();
      pending = answered;
      on.write(
        `${method} ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n` +
          `Content-Type: text/plain;charset=UTF-8\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      return answered.promise;
    },
    close() {
      const last = socket;
      socket = undefined;
      last?.destroy();
    },
  };
};
