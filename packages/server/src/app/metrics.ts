import { monitorEventLoopDelay } from "node:perf_hooks";
import { Counter, Gauge, Registry } from "prom-client";
import type { Meter } from "../kernel/meter.ts";
import { histogramText } from "./histogram-text.ts";

/** What `/metrics` answers. */
export interface Metrics {
  /** Begins to watch the event loop. */
  start(): void;
  /** Everything, in Prometheus' text form; `contentType` says which. */
  text(): Promise<string>;
  readonly contentType: string;
  close(): Promise<void>;
}

/** How often the loop is looked at. */
const sampleMs = 20;

/** Reads a figure; one that is undefined is not shown. */
type Read = () => number | undefined | Promise<number | undefined>;
/** A figure with at most one label. */
type Series = Read | { readonly label: string; readonly values: Readonly<Record<string, Read>> };

interface Sample {
  readonly labels: Record<string, string>;
  readonly value: number;
}

const samplesOf = async (series: Series): Promise<readonly Sample[]> => {
  const reads: (readonly [Record<string, string>, Read])[] =
    typeof series === "function"
      ? [[{}, series]]
      : Object.entries(series.values).map(([name, read]) => [{ [series.label]: name }, read] as const);
  const samples = await Promise.all(reads.map(async ([labels, read]) => ({ labels, value: await read() })));
  return samples.flatMap(({ labels, value }) => (value === undefined ? [] : [{ labels, value }]));
};

const labelsOf = (series: Series): string[] => (typeof series === "function" ? [] : [series.label]);

/**
 * Shows a server's meter to the world. The meter's numbers are read when somebody asks, so that counting costs nothing
 * but an addition. Each server has its own registry.
 *
 * @param dropped what did not come in, by sequencer and reason: datagrams of models, prompts of breakouts
 */
export const createMetrics = (
  meter: Meter,
  version: string,
  dropped: {
    readonly datagrams: Readonly<Record<string, Read>>;
    readonly breakouts: Readonly<Record<string, Read>>;
  } = {
    datagrams: {},
    breakouts: {},
  },
): Metrics => {
  const registry = new Registry();
  const loop = monitorEventLoopDelay({ resolution: sampleMs });
  // A sample is the time from one beat to the next, so an idle loop shows the beat itself.
  const late = (nanoseconds: number): number =>
    Number.isFinite(nanoseconds) ? Math.max(0, nanoseconds / 1e9 - sampleMs / 1e3) : 0;

  const gauge = (name: string, help: string, series: Series): void => {
    void new Gauge({
      name: `colloquy_${name}`,
      help,
      labelNames: labelsOf(series),
      registers: [registry],
      async collect() {
        for (const { labels, value } of await samplesOf(series)) this.set(labels, value);
      },
    });
  };
  const counter = (name: string, help: string, series: Series): void => {
    void new Counter({
      name: `colloquy_${name}_total`,
      help,
      labelNames: labelsOf(series),
      registers: [registry],
      async collect() {
        const samples = await samplesOf(series);
        // At once, so that two who ask at the same time do not add up.
        this.reset();
        for (const { labels, value } of samples) this.inc(labels, value);
      },
    });
  };

  gauge("info", "Always 1; the label says which version runs.", {
    label: "version",
    values: { [version]: () => 1 },
  });
  gauge("connections", "Sockets that are open.", () => meter.connections);
  gauge("readers", "Readers of conversations.", () => meter.readers);
  gauge("conversations", "Conversations in memory.", () => meter.conversations);
  gauge("turns", "Turns that have not ended, by state.", {
    label: "state",
    values: { queued: () => meter.queued, running: () => meter.running, waiting: () => meter.waiting },
  });
  counter("turns_ended", "Turns that have ended, by end.", {
    label: "end",
    values: {
      completed: () => meter.completed,
      failed: () => meter.failed,
      cancelled: () => meter.cancelled,
    },
  });
  counter("resets", "Times that text which readers had was taken back.", () => meter.resets);
  counter("frames", "Frames handed to sockets.", () => meter.frames);
  counter("bytes", "Bytes handed to sockets.", () => meter.bytes);
  counter("relay_frames", "Relayed frames handed to sockets.", () => meter.relayFrames);
  counter("refusals", "Requests that were refused.", () => meter.refusals);
  counter("datagrams_dropped", "Datagrams of models that were dropped, by sequencer and reason.", {
    label: "reason",
    values: dropped.datagrams,
  });
  counter("breakouts_dropped", "Prompts of breakouts that were not taken, by sequencer and reason.", {
    label: "reason",
    values: dropped.breakouts,
  });
  gauge("loop_delay_seconds", "Delay of the event loop since it was last asked for.", {
    label: "quantile",
    values: {
      "0.5": () => late(loop.percentile(50)),
      "0.99": () => late(loop.percentile(99)),
      "1": () => late(loop.max),
    },
  });
  gauge("memory_bytes", "Memory of the process.", {
    label: "kind",
    values: { rss: () => process.memoryUsage.rss(), heap: () => process.memoryUsage().heapUsed },
  });
  counter("cpu_seconds", "CPU time of the process.", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });

  return {
    contentType: registry.contentType,
    start: () => void loop.enable(),
    async text() {
      const scalars = await registry.metrics();
      loop.reset();
      const age = "From a piece of text leaving the model until its frame is handed to the socket.";
      const latency = "From asking the store for an append until it is durable.";
      return [
        scalars,
        histogramText("colloquy_token_age_seconds", age, meter.tokenAge, 1_000),
        histogramText("colloquy_store_append_seconds", latency, meter.storeLatency, 1_000),
      ].join("\n");
    },
    close() {
      loop.disable();
      return Promise.resolve();
    },
  };
};
