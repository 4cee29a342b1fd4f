import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Panel } from "../../models/panel.ts";
import { createUdpPanel } from "../../models/udp-panel.ts";
import { findFreeUdpPorts } from "./free-udp-ports.ts";
import { readyLine, skillNames, type SkillsOrder } from "./skills-order.ts";

export interface SkillsLifeOptions {
  /** The folder whose files may be read. */
  readonly folder: string;
  readonly avoidPorts: ReadonlySet<number>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
}

/** One life of the process that has the skills, and the way to them. */
export interface SkillsLife {
  readonly panel: Panel;
  readonly pid: number | undefined;
  /** Resolves when the process has ended, to how. */
  readonly ended: Promise<string>;
  /** Ends it, and loses what is out. May be called twice. */
  stop(): Promise<void>;
}

/** How long a process may take until it is ready, and until it has ended; milliseconds. */
const readyMs = 15_000;
const farewellMs = 2_000;
const megabytes = 192;

/** All that it needs of our surroundings; keys and secrets are none of its business. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    ["TZ", "LANG", "PATH", "SystemRoot", "TEMP"].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** The process ends when its input does, so that it cannot outlive us, however we end. */
const begin = (order: SkillsOrder): ChildProcess => {
  const extension = path.extname(import.meta.url);
  const file = fileURLToPath(new URL(`./skills-process${extension}`, import.meta.url));
  const flags = [
    `--max-old-space-size=${megabytes}`,
    ...(extension === ".ts" ? ["--conditions=colloquy-source"] : []),
  ];
  const child = spawn(process.execPath, [...flags, file], {
    env: environment(),
    stdio: ["pipe", "pipe", "inherit"],
  });
  // It may be gone before it has read this; that shows elsewhere.
  child.stdin?.on("error", () => {});
  child.stdin?.write(`${JSON.stringify(order)}\n`);
  return child;
};

const endOf = (child: ChildProcess): Promise<string> =>
  new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`));
  });

/** Resolves to whether it says that it is ready, before it ends or its time is over. */
const untilReady = (child: ChildProcess, ended: Promise<string>, clock: Clock): Promise<boolean> =>
  new Promise((resolve) => {
    const stop = clock.after(readyMs, () => resolve(false));
    void ended.then(() => resolve(false)).finally(stop);
    if (child.stdout)
      createInterface({ input: child.stdout }).on("line", (line) => line === readyLine && resolve(true));
  });

/**
 * Starts the process on ports that are free just now, with a secret that nobody else has, and waits until it listens.
 *
 * @throws Error when it does not come up
 */
export const beginSkillsLife = async (options: SkillsLifeOptions): Promise<SkillsLife> => {
  const { folder, avoidPorts, clock, ids, logger } = options;
  const [listenPort = 0, ...ports] = await findFreeUdpPorts(1 + skillNames.length, avoidPorts);
  const byName = skillNames.map((name, index) => ({ name, port: ports[index] ?? 0 }));
  const secret = ids.random() + ids.random();
  const panel = createUdpPanel({
    peers: byName.map(({ name, port }) => ({ port, function: name, echoes: true })),
    listenPort,
    secret,
    clock,
    ids,
    logger,
  });
  await panel.start();
  const child = begin({
    ports: Object.fromEntries(byName.map(({ name, port }) => [name, port])),
    replyTo: panel.port,
    secret,
    folder,
  });
  const ended = endOf(child);
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await panel.close();
    child.stdin?.end();
    const kill = clock.after(farewellMs, () => void child.kill("SIGKILL"));
    await ended;
    kill();
  };
  const life: SkillsLife = { panel, pid: child.pid, ended, stop: () => (stopping ??= stop()) };
  if (await untilReady(child, ended, clock)) return life;
  child.kill("SIGKILL");
  await life.stop();
  throw new Error(`the process of the skills did not come up (${await ended})`);
};
