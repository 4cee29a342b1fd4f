import { createConversations, type Heart } from "../conversation/create-conversations.ts";
import { createHttpGateway } from "../gateways/http/http-gateway.ts";
import { createSocketIoGateway, type SocketIoGateway } from "../gateways/socketio/socketio-gateway.ts";
import { answerUpgradeRequired } from "../gateways/websocket/handshake.ts";
import { createWebSocketGateway, type WebSocketGateway } from "../gateways/websocket/websocket-gateway.ts";
import { createWorkersGateway, type WorkersGateway } from "../gateways/websocket/workers-gateway.ts";
import { systemClock, type Clock } from "../kernel/clock.ts";
import { systemIds, type Ids } from "../kernel/ids.ts";
import { silentLogger, type Logger } from "../kernel/logger.ts";
import { createMeter, type Meter } from "../kernel/meter.ts";
import { createRateLimit } from "../kernel/rate-limit.ts";
import { createFileJournal } from "../stores/file-journal.ts";
import type { LiveJournal } from "../stores/live-journal.ts";
import { createSqliteStore } from "../stores/sqlite-store.ts";
import type { Store } from "../stores/store.ts";
import { createTools, type Tools } from "../tools/create-tools.ts";
import { answerStatus, type AnswerRequest } from "./answer-status.ts";
import { createAssistants } from "./assistants.ts";
import type { Config } from "./config/resolve-config.ts";
import { composeAuthenticator } from "./compose-authenticator.ts";
import { composeModels, type BroughtModels } from "./compose-models.ts";
import { createHealth } from "./health.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { roomOffer } from "./room-offer.ts";
import { createRoomKinds } from "./room-kinds.ts";
import { createSequencers, type Sequencers } from "./sequencers/create-sequencers.ts";

/** What an embedding program or a test may bring itself instead of what the configuration would choose. */
export interface Overrides extends BroughtModels {
  readonly store?: Store;
  readonly journal?: LiveJournal;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly logger?: Logger;
  readonly meter?: Meter;
}

/** What only the running server knows. */
export interface Surroundings {
  /** Folder of the built page, where the server shows one. */
  readonly pageFolder?: string;
  readonly version: string;
  /** Started, and not asked to stop. */
  readonly serving: () => boolean;
  /** Where the page is, if that is known before anybody listens. */
  readonly page?: string;
  /** Nobody but this machine can connect to where it listens. */
  readonly onlyHere: () => boolean;
}

/** A server's parts, not started. */
export interface Parts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  readonly store: Store;
  readonly journal: LiveJournal;
  readonly heart: Heart;
  readonly webSockets: WebSocketGateway;
  readonly socketIo: SocketIoGateway;
  /** Where model workers report, if any sequencer asks them. */
  readonly workers: WorkersGateway | undefined;
  readonly sequencers: Sequencers;
  readonly tools: Tools;
  readonly metrics: Metrics;
  /** Answers the HTTP requests that are for us. */
  readonly answer: AnswerRequest;
  /** Ends the connections to providers. */
  readonly closeModels: () => Promise<void>;
}

/** Builds a server from its configuration. Nothing is opened yet; throws when a model cannot be had. */
export const compose = (config: Config, overrides: Overrides, around: Surroundings): Parts => {
  const { clock = systemClock, ids = systemIds, logger = silentLogger, meter = createMeter() } = overrides;
  const folder = config.dataDir;
  const store = overrides.store ?? createSqliteStore({ folder, clock, ids, logger });
  const journal = overrides.journal ?? createFileJournal({ folder, logger });
  const models = composeModels(config, overrides, {
    clock,
    logger,
    page: around.page,
    sequencer: (name) => sequencers.model(name),
  });
  const { modelOf } = models;
  const sequencers = createSequencers({
    plans: config.sequencers,
    skills: config.skills,
    modelOf,
    clock,
    ids,
    logger,
    meter,
  });
  const tools = createTools({ setting: config.tools, dataDir: folder, clock, logger });
  const roomKinds = createRoomKinds({ models: config.roomModels, own: config.roomKinds, modelOf });
  const { authorise, beforePrompt, afterTurn } = config;
  const heart = createConversations({
    store,
    journal,
    assistants: createAssistants(config, { modelOf, toolsOf: (names) => tools.find(names), roomKinds }),
    roomKinds,
    clock,
    ids,
    logger,
    meter,
    frameIntervalMs: config.frameIntervalMs,
    recovery: config.recovery,
    hooks: {
      ...(authorise && { authorise }),
      ...(beforePrompt && { beforePrompt }),
      ...(afterTurn && { afterTurn }),
    },
  });
  const authenticator = composeAuthenticator(config, clock, around.onlyHere);
  const prompts = createRateLimit(config.promptsPerMinute, clock);
  const publishes = createRateLimit(config.publishesPerMinute, clock);
  const socketOptions = {
    authenticator,
    clock,
    logger,
    meter,
    admission: config.admission,
    allowQueryToken: config.allowQueryToken,
  };
  const pulse = {
    pingEveryMs: config.heartbeatSeconds * 1_000,
    silenceMs: config.silenceSeconds * 1_000,
  };
  const webSockets = createWebSocketGateway({
    ...socketOptions,
    conversations: heart,
    prompts,
    publishes,
    settings: { ...pulse, maxConnections: config.maxConnections },
  });
  const socketIo = createSocketIoGateway({
    ...socketOptions,
    conversations: heart,
    prompts,
    publishes,
    settings: { maxConnections: config.maxConnections },
  });
  const workers =
    sequencers.desk && createWorkersGateway({ ...socketOptions, desk: sequencers.desk, settings: pulse });
  const health = createHealth({
    store,
    clock,
    serving: around.serving,
    details: () => [...sequencers.faults(), ...tools.faults()],
  });
  const metrics = createMetrics(meter, around.version, {
    datagrams: sequencers.dropped,
    breakouts: sequencers.refused,
  });
  const { admission, serverKey } = config;
  const key = serverKey !== undefined && { serverKey };
  const status = answerStatus({ health, metrics, admission, ...key });
  const http = createHttpGateway({
    conversations: heart,
    authenticator,
    logger,
    admission,
    offer: () => ({
      models: roomOffer(
        models.catalogue,
        config.model,
        (id) => roomKinds.get("aisuite")?.model(id) !== undefined,
      ),
      sources: [...roomKinds.keys()],
      tools: tools
        .find(["*"])()
        .map(({ name, description, approval }) => ({ name, description, approval })),
    }),
    ...key,
    ...(around.pageFolder !== undefined && { pageFolder: around.pageFolder }),
  });
  const poll: AnswerRequest = (request, response) => {
    const ours = socketIo.serves(request);
    if (ours) socketIo.handleRequest(request, response);
    return ours;
  };
  const plain: AnswerRequest = (request, response) => {
    const ours = webSockets.serves(request) || workers?.serves(request) === true;
    if (ours) answerUpgradeRequired(response);
    return ours;
  };
  const answer: AnswerRequest = (...asked) =>
    status(...asked) || plain(...asked) || poll(...asked) || http.handle(...asked);
  return {
    clock,
    logger,
    meter,
    store,
    journal,
    heart,
    webSockets,
    socketIo,
    workers,
    sequencers,
    tools,
    metrics,
    answer,
    async closeModels() {
      await sequencers.close();
      await models.close();
    },
  };
};
