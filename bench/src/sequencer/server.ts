/** Colloquy with one sequencer over UDP models: durable, policy `parallel` 64. `ECHOES` is 1 when the models repeat ids. */
import { createServer } from "node:http";
import { defaultTurnLimits } from "@colloquy/protocol";
import { createAnonymousAuthenticator } from "../../../packages/server/src/auth/anonymous-authenticator.ts";
import { everything } from "../../../packages/server/src/auth/principal.ts";
import { createConversations } from "../../../packages/server/src/conversation/create-conversations.ts";
import { createTcpGateway } from "../../../packages/server/src/gateways/tcp/tcp-gateway.ts";
import { createWebSocketGateway } from "../../../packages/server/src/gateways/websocket/websocket-gateway.ts";
import { systemClock as clock } from "../../../packages/server/src/kernel/clock.ts";
import { systemIds as ids } from "../../../packages/server/src/kernel/ids.ts";
import { silentLogger as logger } from "../../../packages/server/src/kernel/logger.ts";
import { createMeter } from "../../../packages/server/src/kernel/meter.ts";
import { createRateLimit } from "../../../packages/server/src/kernel/rate-limit.ts";
import { createUdpPanel } from "../../../packages/server/src/models/udp-panel.ts";
import { createSequencerModel } from "../../../packages/server/src/sequencer/sequencer-model.ts";
import { createFileJournal } from "../../../packages/server/src/stores/file-journal.ts";
import { createSqliteStore } from "../../../packages/server/src/stores/sqlite-store.ts";
import { placesHere } from "./places.ts";

const folder = process.env["DATA_DIR"] ?? ".";
const echoes = process.env["ECHOES"] === "1";
const places = placesHere();
const meter = createMeter();

const panel = createUdpPanel({
  peers: places.peerPorts.map((port) => ({ port, echoes })),
  listenPort: places.listenPort,
  clock,
  logger,
});
const model = createSequencerModel({
  id: "sequencer:main",
  panels: [panel],
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
const webSockets = createWebSocketGateway({
  conversations: heart,
  authenticator: createAnonymousAuthenticator(() => true),
  admission: { hosts: [], origins: [], anonymous: "loopback" },
  prompts: createRateLimit(Infinity, clock),
  allowQueryToken: false,
  clock,
  meter,
  logger,
});
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
const server = createServer((_request, response) => response.writeHead(404).end());
server.on("upgrade", (request, socket, head) => webSockets.handleUpgrade(request, socket, head));
server.listen(places.port, "127.0.0.1");
