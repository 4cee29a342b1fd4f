import { setTimeout as sleep } from "node:timers/promises";
import { orderText } from "../stand-in/order.ts";
import type { SharedClock } from "../stamp.ts";
import { watchUse, type Use } from "../proc.ts";
import { createAnswerReader, type AnswerReader } from "./answer-reader.ts";
import { eachOf, openClient, type Client } from "./client.ts";
import { createHistogram } from "./histogram.ts";
import type { JobOf } from "./job.ts";
import { createStandInControl } from "./stand-in-control.ts";
import type { Wire } from "./wire.ts";

export interface CutResult {
  readonly readers: number;
  /** Readers whose cursor was honoured, and whose text is the provider's, byte for byte, without gap or repeat. */
  readonly recovered: number;
  readonly exact: number;
  /** From a reader's connect to the first text that follows what it had, milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
  readonly faults: readonly string[];
  /** While they came back. */
  readonly use: Use;
}

interface Seat {
  readonly channel: string;
  readonly key: string;
  readonly reader: AnswerReader;
  client: Client | undefined;
  recovered: boolean;
}

const backWithinMs = 1_000;

/** Many readers of a few answers lose their connections in the same moment and come back within a second, by cursor. */
export const runCut = async (job: JobOf<"cut">, wire: Wire, clock: SharedClock): Promise<CutResult> => {
  const control = createStandInControl(job.standInPort);
  const buffer = Buffer.allocUnsafeSlow(256 * 1024);
  const histogram = createHistogram();
  const faults: string[] = [];
  const seats: Seat[] = Array.from({ length: job.readers }, (_, index) => ({
    channel: `a${index % job.answers}`,
    key: `k${index % job.answers}`,
    reader: createAnswerReader({ histogram: undefined, from: 0, to: 0 }),
    client: undefined,
    recovered: false,
  }));

  /** Resolves with the subscription's acknowledgement; `onText` sees the first text after it. */
  const sit = async (seat: Seat, cursor?: string, onText?: () => void): Promise<void> => {
    const subscribed = Promise.withResolvers<void>();
    let first = true;
    const client = await openClient({
      wire,
      port: job.port,
      buffer,
      onSaid(said) {
        if (said.kind === "subscribed") {
          seat.recovered = said.recovered;
          subscribed.resolve();
        }
        seat.reader.take(said, clock());
        if (said.kind === "text" && first) {
          first = false;
          onText?.();
        }
      },
    });
    seat.client = client;
    client.send(
      wire.subscribe({ channel: seat.channel, delta: true, ...(cursor === undefined ? {} : { cursor }) }),
    );
    await subscribed.promise;
  };

  await eachOf(seats.length, 50, (index) => {
    const seat = seats[index];
    return seat ? sit(seat) : Promise.resolve();
  });
  for (let index = 0; index < job.answers; index += 1) {
    const order = orderText({ key: `k${index}`, rate: job.rate, count: 0 });
    seats[index]?.client?.send(wire.prompt(`a${index}`, `p${index}`, order));
  }
  await sleep(3_000);

  const cursors = seats.map((seat) => seat.reader.cursor());
  for (const seat of seats) seat.client?.link.cut();
  const used = watchUse(job.watched);
  const comeBack = async (seat: Seat, index: number): Promise<void> => {
    await sleep((index * backWithinMs) / seats.length);
    const began = clock();
    await sit(seat, cursors[index], () => histogram.add(clock() - began));
  };
  const back = Promise.allSettled(seats.map(comeBack));
  const settled = await Promise.race([back, sleep(20_000, [])]);
  for (const one of settled) if (one.status === "rejected") faults.push(String(one.reason));
  const use = used();
  await sleep(3_000);

  await control.finish();
  const gaveUp = clock() + 10_000;
  while (clock() < gaveUp && seats.some((seat) => !seat.reader.ended())) await sleep(50);
  const digests = await control.digests();
  return {
    readers: seats.length,
    recovered: seats.filter((seat) => seat.recovered).length,
    exact: seats.filter((seat) => seat.reader.faults().length === 0 && seat.reader.matches(digests[seat.key]))
      .length,
    p50: histogram.quantile(0.5),
    // A reader that got no text after its return never recovered: it counts as the worst there is.
    p99: histogram.count() < seats.length * 0.99 ? Number.POSITIVE_INFINITY : histogram.quantile(0.99),
    worst: histogram.count() < seats.length ? Number.POSITIVE_INFINITY : histogram.quantile(1),
    faults: [...faults, ...seats.flatMap((seat) => seat.reader.faults())].slice(0, 5),
    use,
  };
};
