/**
 * Colloquy as a program of one's own has it, with one sequencer; policy `parallel` 64 is the usual one. Its models are behind UDP
 * ports (`ECHOES` is 1 when they repeat ids), or with `STREAMING` 1 those that register at `/models`.
 */
import { createServer } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { createColloquy } from "../../../packages/server/src/index.ts";
import { placesHere } from "./places.ts";

const { DATA_DIR = ".", ECHOES, STREAMING } = process.env;
const streaming = STREAMING === "1";
const { port, ingressPort, listenPort, peerPorts } = placesHere();
/** How often the event loop is looked at, milliseconds. */
const loopMs = 5;

const server = createServer((request, response) => {
  if (request.url === "/loop") void tellLoop().then((text) => response.end(text));
  else if (!colloquy.handle(request, response)) response.writeHead(404).end();
});
const colloquy = createColloquy({
  server,
  dataDir: DATA_DIR,
  logLevel: "silent",
  // The load is one user, who asks as much as a crowd does.
  promptsPerMinute: 1_000_000_000,
  team: false,
  sequencers: {
    main: {
      ingressPort,
      workers: streaming,
      udp: streaming ? false : { ports: peerPorts, listenPort, echoes: ECHOES === "1" },
    },
  },
});

const loop = monitorEventLoopDelay({ resolution: loopMs });
const loopDelay = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - loopMs);

/** Datagrams that were dropped since the start: by us, for whatever reason, and by the system, where it tells. */
const readDrops = async (): Promise<{ readonly counted: number; readonly kernel?: number }> => {
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = metrics.split("\n").filter((line) => line.startsWith("colloquy_datagrams_dropped"));
  const sum = (of: readonly string[]): number =>
    of.reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);
  const kernel = lines.filter((line) => line.includes(": kernel"));
  const counted = sum(lines) - sum(kernel);
  return { counted, ...(kernel.length > 0 && { kernel: sum(kernel) }) };
};

/** Drops since the start; how late the loop was since the last time. */
const tellLoop = async (): Promise<string> => {
  const delays = { loopP99: loopDelay(loop.percentile(99)), loopMax: loopDelay(loop.max) };
  const told = { ...(await readDrops()), ...delays };
  loop.reset();
  return JSON.stringify(told);
};

await colloquy.start();
loop.enable();
server.listen(port, "127.0.0.1");
