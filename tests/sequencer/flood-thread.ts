import { createSocket } from "node:dgram";
import { parentPort, workerData } from "node:worker_threads";

/** What a flood is made of: so many datagrams, so many a second, of these texts in turn. */
export interface Flood {
  readonly port: number;
  readonly count: number;
  readonly perSecond: number;
  readonly texts: readonly string[];
}

const isFlood = (value: unknown): value is Flood =>
  typeof value === "object" && value !== null && "port" in value && "texts" in value;

/** Sends from a thread of its own, so that the sender does not wait for whom it floods. */
const run = async ({ port, count, perSecond, texts }: Flood): Promise<void> => {
  const socket = createSocket({ type: "udp4", lookup: (host, _options, done) => done(null, host, 4) });
  const datagrams = texts.map((text) => Buffer.from(text));
  const began = performance.now();
  let sent = 0;
  const told = { sent: 0, refused: 0 };
  while (sent < count) {
    const due = Math.min(count, Math.ceil(((performance.now() - began) / 1_000) * perSecond));
    for (; sent < due; sent += 1) {
      const datagram = datagrams[sent % datagrams.length];
      if (datagram)
        socket.send(datagram, port, "127.0.0.1", (error) => {
          told[error ? "refused" : "sent"] += 1;
        });
    }
    await new Promise(setImmediate);
  }
  while (told.sent + told.refused < count) await new Promise(setImmediate);
  socket.close();
  parentPort?.postMessage({ sent: told.sent, ms: performance.now() - began });
};

if (isFlood(workerData)) void run(workerData);
