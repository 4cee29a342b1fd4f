import { createSocket } from "node:dgram";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createChildren, type Child } from "../children.ts";
import { findCores } from "../cores.ts";
import { environmentOf } from "./places.ts";
import type { Places, SequencerJob, SequencerResult, SequencerWork } from "./job.ts";

/** A sequencer under test. */
export interface SequencerSubject {
  readonly wire: SequencerJob["wire"];
  /** Arguments of Node. */
  readonly args: readonly string[];
}

export const colloquySequencer: SequencerSubject = {
  wire: "channels",
  args: ["--conditions=colloquy-source", fileURLToPath(import.meta.resolve("./server.ts"))],
};
export const seedSequencer: SequencerSubject = {
  wire: "plain",
  args: [fileURLToPath(import.meta.resolve("../rivals/seed-sequencer.ts"))],
};

const root = path.resolve(import.meta.dirname, "../../..");
const models = 6;
const patienceMs = 60_000;

// Looked at before the benchmark confines itself to the load's core.
const cores = findCores();

const freeTcpPort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

/** Ports that were free a moment ago, all different. */
const freeUdpPorts = async (count: number): Promise<readonly number[]> => {
  const sockets = Array.from({ length: count }, () => createSocket("udp4"));
  for (const socket of sockets) await new Promise<void>((resolve) => socket.bind(0, "0.0.0.0", resolve));
  const ports = sockets.map((socket) => socket.address().port);
  await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.close(() => resolve()))));
  return ports;
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => resolve(false));
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });

const listening = async (port: number): Promise<void> => {
  const gaveUp = performance.now() + 30_000;
  while (!(await answers(port))) {
    if (performance.now() > gaveUp) throw new Error("the server does not listen after 30 s");
    await sleep(100);
  }
};

const revive = (_key: string, value: unknown): unknown => (value === "NaN" ? Number.NaN : value);

/** One measurement with a fresh server and a fresh load process, each on its core. */
export const measureSequencer = async (
  { wire, args }: SequencerSubject,
  work: SequencerWork,
): Promise<SequencerResult> => {
  const data = path.join(root, "data");
  mkdirSync(data, { recursive: true });
  // On the repository's own disk, where fsync costs what it costs.
  const folder = mkdtempSync(path.join(data, "bench-sequencer-"));
  const children = createChildren();
  const onExit = (): void => {
    children.killAll();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  process.on("exit", onExit);
  const started: Child[] = [];
  const start = (of: readonly string[], env: Record<string, string>, onServerCore: boolean): Child => {
    const child = children.start({
      args: of,
      env,
      cwd: root,
      core: onServerCore ? cores?.server : cores?.load,
      log: path.join(folder, `log-${started.length}`),
      capture: !onServerCore,
    });
    started.push(child);
    return child;
  };
  try {
    const [listenPort = 0, ...peerPorts] = await freeUdpPorts(1 + models);
    const places: Places = {
      port: await freeTcpPort(),
      ingressPort: await freeTcpPort(),
      listenPort,
      peerPorts,
    };
    const echoes = work.kind === "onebyone" ? "0" : "1";
    const streaming = work.kind === "firsttoken" && work.streaming ? "1" : "0";
    const env = { ...environmentOf(places), DATA_DIR: folder, ECHOES: echoes, STREAMING: streaming };
    const server = start(args, env, true);
    const died = server.output.then(() => {
      throw new Error("the server ended while it was measured");
    });
    died.catch(() => undefined);
    await Promise.race([listening(places.port), died]);
    const job: SequencerJob = {
      work,
      places,
      wire,
      watched: { serverPid: server.pid, ...(cores && { cores }) },
    };
    const load = start([fileURLToPath(import.meta.resolve("./main.ts")), JSON.stringify(job)], {}, false);
    const late = sleep(patienceMs, undefined, { ref: false }).then(() => {
      throw new Error("the time was over");
    });
    late.catch(() => undefined);
    const result: SequencerResult = JSON.parse(await Promise.race([load.output, died, late]), revive);
    return result;
  } finally {
    await Promise.all(started.map((child) => child.stop()));
    process.off("exit", onExit);
    onExit();
  }
};
