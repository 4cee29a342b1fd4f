import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createHistogram } from "../load/histogram.ts";
import { watchUse } from "../proc.ts";
import { ageOf, stampOf, tokenLength, type SharedClock } from "../stamp.ts";
import { openAsker } from "./asker.ts";
import { runFlood } from "./flood.ts";
import { openModels, type HeardPrompt, type Models } from "./models.ts";
import { openWorkers } from "./workers.ts";
import type { SequencerJob, SequencerResult, SequencerWork } from "./job.ts";

/** How long all of it may take longer than it should, milliseconds. */
const patienceMs = 20_000;

/** Prompts that are not counted: code grows warm, the log is opened. */
const warmPrompts = 20;

type Work<K extends SequencerWork["kind"]> = Extract<SequencerWork, { kind: K }>;

/** Calls `one` for 0 … count − 1, evenly. */
const evenly = async (count: number, rate: number, clock: SharedClock, one: (index: number) => void) => {
  const began = clock();
  for (let index = 0; index < count; index += 1) {
    const due = began + (index * 1_000) / rate;
    if (clock() < due) await sleep(due - clock());
    one(index);
  }
};

const within = (done: Promise<void>): Promise<void> => {
  const late = sleep(patienceMs, undefined, { ref: false }).then(() => {
    throw new Error("the last prompts did not end");
  });
  return Promise.race([done, late]);
};

const nothing = { p50: Number.NaN, p99: Number.NaN, skewP50: Number.NaN, skewP99: Number.NaN, peerMs: 0 };

/** The prompt is the `index`-th one's; which of the models it is meant for follows from that. */
const idOf = (index: number): string => `p${index}`;
const indexOf = (text: string): number => Number(text.slice(1));

const runBreakout = async (job: SequencerJob, work: Work<"breakout">, clock: SharedClock) => {
  const { places } = job;
  const all = warmPrompts + work.prompts;
  const sentAt = new Float64Array(all);
  const firstAt = new Float64Array(all);
  const heard = new Uint8Array(all);
  const latency = createHistogram();
  const skew = createHistogram();
  let wrong = 0;
  const done = Promise.withResolvers<void>();
  const models: Models = await openModels({
    ports: places.peerPorts,
    replyTo: places.listenPort,
    echo: true,
    hear(prompt) {
      const now = clock();
      const index = indexOf(prompt.text);
      const before = heard[index] ?? 0;
      heard[index] = before + 1;
      if (before === 0) firstAt[index] = now;
      if (before + 1 > places.peerPorts.length) wrong += 1;
      if (index % places.peerPorts.length === prompt.model) models.reply(prompt, prompt.text);
      if (before + 1 !== places.peerPorts.length || index < warmPrompts) return;
      latency.add(now - (sentAt[index] ?? 0));
      skew.add(now - (firstAt[index] ?? 0));
      if (latency.count() === work.prompts) done.resolve();
    },
  });
  await evenly(all, work.rate, clock, (index) => {
    const socket = connect(places.ingressPort, "127.0.0.1", () => {
      sentAt[index] = clock();
      socket.end(idOf(index));
    });
    socket.on("error", () => (wrong += 1));
    socket.resume();
  });
  await within(done.promise);
  const [p50, p99] = [latency.quantile(0.5), latency.quantile(0.99)];
  return {
    ...nothing,
    prompts: latency.count(),
    wrong,
    p50,
    p99,
    skewP50: skew.quantile(0.5),
    skewP99: skew.quantile(0.99),
  };
};

/** What a streaming model says between its first and its last piece: a fifth of a second. */
const pieces: readonly string[] = Array.from({ length: 9 }, () => " and");

/** Prompts over one WebSocket; the model whose turn it is answers with the time and the prompt's id. */
const overWebSocket = async (
  job: SequencerJob,
  clock: SharedClock,
  options: {
    readonly latencyMs?: number;
    readonly streaming?: boolean;
    readonly ended: (index: number) => void;
  },
) => {
  const { places } = job;
  const { latencyMs, streaming = false } = options;
  const age = createHistogram();
  const count = { ended: 0, wrong: 0, peerMs: 0, replies: 0 };
  const answer = (prompt: HeardPrompt, since: number): void => {
    models.reply(prompt, stampOf(clock()) + prompt.text);
    count.peerMs += clock() - since;
    count.replies += 1;
  };
  const models: Models = await openModels({
    ports: places.peerPorts,
    replyTo: places.listenPort,
    echo: latencyMs === undefined,
    hear(prompt) {
      if (indexOf(prompt.text) % places.peerPorts.length !== prompt.model) return;
      const now = clock();
      if (latencyMs === undefined) answer(prompt, now);
      else setTimeout(() => answer(prompt, now), latencyMs);
    },
  });
  if (streaming) {
    const count = places.peerPorts.length;
    await openWorkers({
      port: places.port,
      count,
      respond: (text, model) =>
        indexOf(text) % count === model ? [stampOf(clock()), ...pieces, text] : undefined,
    });
  }
  const expected = (id: string): string => (streaming ? pieces.join("") + id : id);
  const asker = await openAsker(job, {
    first: (id, text) => {
      if (indexOf(id) >= warmPrompts) age.add(ageOf(text, 0, clock()));
    },
    ended(id, text) {
      count.ended += 1;
      if (text?.slice(tokenLength) !== expected(id)) count.wrong += 1;
      options.ended(indexOf(id));
    },
  });
  return { age, count, ask: (index: number) => asker.ask(idOf(index), idOf(index)) };
};

const runThroughput = async (job: SequencerJob, work: Work<"throughput">, clock: SharedClock) => {
  let next = 0;
  let over = false;
  const load = await overWebSocket(job, clock, {
    ended() {
      if (over) return;
      load.ask(next);
      next += 1;
    },
  });
  for (; next < work.inFlight; next += 1) load.ask(next);
  await sleep(work.warmMs);
  const used = watchUse(job.watched);
  const [ended, wrong] = [load.count.ended, load.count.wrong];
  await sleep(work.windowMs);
  const use = used();
  over = true;
  const prompts = load.count.ended - ended;
  return { ...nothing, prompts, wrong: load.count.wrong - wrong, wallMs: use.wallMs, use };
};

const runFirstToken = async (job: SequencerJob, work: Work<"firsttoken">, clock: SharedClock) => {
  const all = warmPrompts + work.prompts;
  const done = Promise.withResolvers<void>();
  const load = await overWebSocket(job, clock, {
    streaming: work.streaming,
    ended: () => {
      if (load.count.ended === all) done.resolve();
    },
  });
  await evenly(all, work.rate, clock, load.ask);
  await within(done.promise);
  const { age, count } = load;
  return {
    ...nothing,
    prompts: age.count(),
    wrong: count.wrong,
    p50: age.quantile(0.5),
    p99: age.quantile(0.99),
  };
};

const runOneByOne = async (job: SequencerJob, work: Work<"onebyone">, clock: SharedClock) => {
  const done = Promise.withResolvers<void>();
  let firstEnd: number | undefined;
  const load = await overWebSocket(job, clock, {
    latencyMs: work.latencyMs,
    ended() {
      firstEnd ??= clock();
      if (load.count.ended === work.prompts) done.resolve();
    },
  });
  for (let index = 0; index < work.prompts; index += 1) load.ask(index);
  await within(done.promise);
  const { count } = load;
  const wallMs = clock() - (firstEnd ?? 0);
  return {
    ...nothing,
    prompts: work.prompts - 1,
    wrong: count.wrong,
    wallMs,
    peerMs: count.peerMs / count.replies,
  };
};

/** Prompts that are asked in the midst of a flood. */
const amidst = { rate: 20 };

const runUnderFlood = async (job: SequencerJob, work: Work<"flood">, clock: SharedClock) => {
  const load = await overWebSocket(job, clock, { ended: () => {} });
  const asking = evenly(amidst.rate * work.seconds, amidst.rate, clock, load.ask);
  const flood = await runFlood(job.places, work);
  await asking;
  await sleep(500);
  const { ended, wrong } = load.count;
  return { ...nothing, prompts: ended - wrong, wrong, flood };
};

/** Carries out one piece of work and tells what came of it. */
export const measure = async (job: SequencerJob, clock: SharedClock): Promise<SequencerResult> => {
  const used = watchUse(job.watched);
  const { work } = job;
  const run = () => {
    switch (work.kind) {
      case "breakout":
        return runBreakout(job, work, clock);
      case "throughput":
        return runThroughput(job, work, clock);
      case "firsttoken":
        return runFirstToken(job, work, clock);
      case "flood":
        return runUnderFlood(job, work, clock);
      case "onebyone":
        return runOneByOne(job, work, clock);
    }
  };
  const result = await run();
  const use = used();
  return { wallMs: use.wallMs, use, ...result };
};
