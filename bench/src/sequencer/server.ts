/**
 * Colloquy with one sequencer: durable, policy `parallel` 64. Its models are behind UDP ports (`ECHOES` is 1 when they repeat ids),
 * or with `STREAMING` 1 those that register at `/models`.
 */
import { createServer } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { defaultTurnLimits } from "@colloquy/protocol";
import { createAnonymousAuthenticator } from "../../../packages/server/src/auth/anonymous-authenticator.ts";
import { everything } from "../../../packages/server/src/auth/principal.ts";
import { createConversations } from "../../../packages/server/src/conversation/create-conversations.ts";
import { createTcpGateway } from "../../../packages/server/src/gateways/tcp/tcp-gateway.ts";
import { createWebSocketGateway } from "../../../packages/server/src/gateways/websocket/websocket-gateway.ts";
import { createWorkersGateway } from "../../../packages/server/src/gateways/websocket/workers-gateway.ts";
import { systemClock as clock } from "../../../packages/server/src/kernel/clock.ts";
import { systemIds as ids } from "../../../packages/server/src/kernel/ids.ts";
import { silentLogger as logger } from "../../../packages/server/src/kernel/logger.ts";
import { createMeter } from "../../../packages/server/src/kernel/meter.ts";
import { createRateLimit } from "../../../packages/server/src/kernel/rate-limit.ts";
import { createWorkerPanel } from "../../../packages/server/src/models/worker-panel.ts";
import { createUdpPanel } from "../../../packages/server/src/models/udp-panel.ts";
import { createSequencerModel } from "../../../packages/server/src/sequencer/sequencer-model.ts";
import { createFileJournal } from "../../../packages/server/src/stores/file-journal.ts";
import { createSqliteStore } from "../../../packages/server/src/stores/sqlite-store.ts";
import { placesHere } from "./places.ts";

const folder = process.env["DATA_DIR"] ?? ".";
const echoes = process.env["ECHOES"] === "1";
const streaming = process.env["STREAMING"] === "1";
const places = placesHere();
const meter = createMeter();
/** How often the event loop is looked at, milliseconds. */
const loopMs = 5;

const panel = createUdpPanel({
  peers: places.peerPorts.map((port) => ({ port, echoes })),
  listenPort: places.listenPort,
  clock,
  logger,
});
const desk = createWorkerPanel({ clock, ids });
const model = createSequencerModel({
  id: "sequencer:main",
  panels: [streaming ? desk : panel],
  policy: "first",
  deadlineMs: 30_000,
  claimMs: 10_000,
  clock,
});
const assistant = {
  id: "default",
  model,
  policy: { parallel: 64, waiting: 4_096 },
  limits: defaultTurnLimits,
  contextExchanges: 5,
};
const store = createSqliteStore({ folder, clock, ids, logger });
const heart = createConversations({
  store,
  journal: createFileJournal({ folder, logger }),
  assistants: { find: () => assistant },
  clock,
  ids,
  logger,
  meter,
  frameIntervalMs: 25,
  recovery: "rerun",
});
const sockets = {
  authenticator: createAnonymousAuthenticator(() => true),
  admission: { hosts: [], origins: [], anonymous: "loopback" as const },
  allowQueryToken: false,
  clock,
  meter,
  logger,
};
const unlimited = createRateLimit(Infinity, clock);
const asked = { conversations: heart, prompts: unlimited, publishes: unlimited };
const webSockets = createWebSocketGateway({ ...sockets, ...asked });
const workers = createWorkersGateway({ ...sockets, desk });
const breakouts = createTcpGateway({
  conversations: heart,
  principal: { user: "breakout", anonymous: true, grants: everything },
  conversation: "seq:main",
  port: places.ingressPort,
});

await store.start();
await heart.start();
await panel.start();
await breakouts.start();
webSockets.start();
workers.start();
const loop = monitorEventLoopDelay({ resolution: loopMs });
const loopDelay = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - loopMs);
/** Since the last time: how late the loop was; since the start: what was dropped. */
const tellLoop = async (): Promise<string> => {
  const kernel = await panel.kernelDrops();
  const counted = Object.values(panel.dropped).reduce((sum, count) => sum + count, 0);
  const told = { counted, kernel, loopP99: loopDelay(loop.percentile(99)), loopMax: loopDelay(loop.max) };
  loop.reset();
  return JSON.stringify(told);
};
loop.enable();
const server = createServer((request, response) => {
  if (request.url === "/loop") void tellLoop().then((text) => response.end(text));
  else response.writeHead(404).end();
});
server.on("upgrade", (request, socket, head) =>
  (workers.serves(request) ? workers : webSockets).handleUpgrade(request, socket, head),
);
server.listen(places.port, "127.0.0.1");
