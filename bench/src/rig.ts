import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Child, Children } from "./children.ts";
import type { Cores } from "./cores.ts";
import type { AcceptedResult } from "./load/accepted.ts";
import type { CutResult } from "./load/cut.ts";
import type { FanoutResult } from "./load/fanout.ts";
import type { IdleResult } from "./load/idle.ts";
import type { Job, JobBase, JobOf } from "./load/job.ts";
import type { SlowResult } from "./load/slow.ts";
import type { SnapshotResult } from "./load/snapshot.ts";
import type { TurnsResult } from "./load/turns.ts";
import type { RoomsResults } from "./rooms/run-rooms-work.ts";
import type { Subject } from "./subjects.ts";

interface Results extends RoomsResults {
  turns: TurnsResult;
  fanout: FanoutResult;
  snapshot: SnapshotResult;
  idle: IdleResult;
  slow: SlowResult;
  accepted: AcceptedResult;
  cut: CutResult;
}

/** A job without its kind and what the rig adds to it. */
export type Work<K extends Job["kind"]> = Omit<JobOf<K>, keyof JobBase | "kind">;

/** Sets up what a measurement needs, runs it, takes all of it down again. */
export interface Rig {
  /** One measurement with a fresh server, a fresh stand-in and a fresh load process. */
  measure<K extends Job["kind"]>(subject: Subject, kind: K, work: Work<K>): Promise<Results[K]>;
  /** Runs a program to its end on the server's core, in the folder where servers keep their data; its output. */
  runProgram(file: string): Promise<string>;
  /** Says what is going on, to whoever watches. */
  say(line: string): void;
}

export interface RigOptions {
  readonly root: string;
  /** Where the processes' data and logs go, a folder for each measurement. */
  readonly folder: string;
  readonly children: Children;
  readonly cores: Cores | undefined;
  /** Folder for CPU profiles of the servers. */
  readonly profiles: string | undefined;
  /** When everything must be over, on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly say: (line: string) => void;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true));
    socket.on("connect", () => socket.destroy());
    socket.on("error", () => resolve(false));
  });

const saysOk = async (url: string): Promise<boolean> => {
  const response = await fetch(url);
  await response.text();
  return response.ok;
};

/** Waits until a process can be used; rejects with its own last words when it ends instead. */
const inService = async (child: Child, port: number, ready: string | undefined): Promise<void> => {
  const gaveUp = performance.now() + 30_000;
  const ended = child.output.then(() => {
    throw new Error("the server ended before it could be used");
  });
  ended.catch(() => undefined);
  const usable = async (): Promise<boolean> =>
    (await listens(port)) && (ready === undefined || (await saysOk(`http://127.0.0.1:${port}${ready}`)));
  while (!(await Promise.race([usable(), ended]))) {
    if (performance.now() > gaveUp) throw new Error("the server cannot be used after 30 s");
    await sleep(100);
  }
};

const revive = (_key: string, value: unknown): unknown =>
  value === "NaN" || value === "Infinity" ? Number(value) : value;

export const createRig = (options: RigOptions): Rig => {
  const { root, children, cores, profiles } = options;
  const inFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
    const folder = mkdtempSync(path.join(options.folder, "run-"));
    try {
      return await use(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

  const measureIn = async <K extends Job["kind"]>(
    folder: string,
    subject: Subject,
    kind: K,
    work: Work<K>,
  ): Promise<Results[K]> => {
    const started: Child[] = [];
    const start = (
      args: readonly string[],
      env: Record<string, string>,
      onServerCore: boolean,
      capture: boolean,
    ): Child => {
      const gently = onServerCore && profiles !== undefined;
      const child = children.start({
        args: gently ? ["--cpu-prof", `--cpu-prof-dir=${profiles}`, ...args] : args,
        env,
        cwd: root,
        core: onServerCore ? cores?.server : cores?.load,
        log: path.join(folder, `log-${started.length}`),
        capture,
        gently,
      });
      started.push(child);
      return child;
    };
    try {
      const standInPort = await freePort();
      const standIn = start(["bench/src/stand-in/main.ts"], { PORT: String(standInPort) }, false, false);
      await inService(standIn, standInPort, undefined);
      let port = standInPort;
      let server = standIn;
      if (subject.wire !== "none") {
        port = await freePort();
        const base = `http://127.0.0.1:${standInPort}/v1`;
        const env = {
          PORT: String(port),
          DATA_DIR: path.join(folder, "data"),
          OPENAI_BASE_URL: base,
          ...subject.env,
        };
        server = start(subject.args, env, true, false);
        await inService(server, port, subject.ready);
      }
      const watched = { serverPid: server.pid, ...(cores ? { cores } : {}) };
      const job = { ...work, kind, wire: subject.wire, port, standInPort, watched };
      const load = start(["bench/src/load/main.ts", JSON.stringify(job)], {}, false, true);
      const died = server.output.then(() => {
        throw new Error("the server ended while it was measured");
      });
      died.catch(() => undefined);
      const left = Math.max(0, options.deadline - performance.now());
      const late = sleep(left, undefined, { ref: false }).then(() => {
        throw new Error("the time was over");
      });
      late.catch(() => undefined);
      const result: Results[K] = JSON.parse(await Promise.race([load.output, died, late]), revive);
      return result;
    } finally {
      await Promise.all(started.map((child) => child.stop()));
    }
  };

  return {
    measure: (subject, kind, work) => inFolder((folder) => measureIn(folder, subject, kind, work)),
    runProgram: (file) =>
      inFolder(async (folder) => {
        const child = children.start({
          args: [file],
          env: { DATA_DIR: folder },
          cwd: root,
          core: cores?.server,
          log: path.join(folder, "log"),
          capture: true,
        });
        return child.output;
      }),
    say: options.say,
  };
};
