import { once } from "node:events";
import { createServer } from "node:http";
import { worker, type ModelWorker, type WorkerOptions } from "@colloquy/client";
import { onTestFinished } from "vitest";
import type { Entry } from "../../packages/protocol/src/index.ts";
import type { AdmissionRules } from "../../packages/server/src/auth/admission.ts";
import type { Principal } from "../../packages/server/src/auth/principal.ts";
import { createWorkersGateway } from "../../packages/server/src/gateways/websocket/workers-gateway.ts";
import type { WorkersSettings } from "../../packages/server/src/gateways/websocket/workers-context.ts";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { systemIds } from "../../packages/server/src/kernel/ids.ts";
import { silentLogger } from "../../packages/server/src/kernel/logger.ts";
import { createMeter } from "../../packages/server/src/kernel/meter.ts";
import type { Panel, PanelEvent } from "../../packages/server/src/models/panel.ts";
import { createWorkerPanel, type WorkerPanelOptions } from "../../packages/server/src/models/worker-panel.ts";
import {
  createSequencerModel,
  type SequencerOptions,
} from "../../packages/server/src/sequencer/sequencer-model.ts";
import { call, type Caller } from "../gateways/caller.ts";
import { authenticatorOf } from "../gateways/stage.ts";
import { ada, makeBed } from "../heart/bed.ts";
import { until } from "../stand-ins/until.ts";

export interface WorkersStageOptions {
  readonly panel?: Partial<WorkerPanelOptions>;
  readonly contest?: Partial<SequencerOptions>;
  readonly settings?: Partial<WorkersSettings>;
  readonly admission?: Partial<AdmissionRules>;
  /** Tokens and whose they are; with none at all everybody is anonymous. */
  readonly tokens?: Readonly<Record<string, Principal>>;
}

/** A heart whose one model is whoever works at `url`, over real sockets of loopback. Cleared away when the test is over. */
export const setWorkersStage = async (options: WorkersStageOptions = {}) => {
  const panel = createWorkerPanel({ clock: systemClock, ids: systemIds, ...options.panel });
  const heard: PanelEvent[] = [];
  const overheard: Panel = {
    ask: (request, hear) =>
      panel.ask(request, (event) => {
        heard.push(event);
        hear(event);
      }),
  };
  const model = createSequencerModel({
    id: "sequencer:workers",
    panels: [overheard],
    policy: "first",
    deadlineMs: 20_000,
    claimMs: 20_000,
    clock: systemClock,
    ...options.contest,
  });
  const bed = await makeBed({ model });
  const meter = createMeter();
  const gateway = createWorkersGateway({
    desk: panel,
    authenticator: authenticatorOf(options.tokens),
    admission: { hosts: [], origins: [], anonymous: "loopback", ...options.admission },
    allowQueryToken: false,
    clock: systemClock,
    logger: silentLogger,
    meter,
    ...(options.settings && { settings: options.settings }),
  });
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.on("upgrade", (request, socket, head) => gateway.handleUpgrade(request, socket, head));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  gateway.start();
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const url = `ws://127.0.0.1:${port}/models`;
  const open: { close(): unknown }[] = [];
  onTestFinished(async () => {
    for (const one of open) await one.close();
    await gateway.close();
    await panel.close();
    await new Promise((resolve) => server.close(resolve));
    await bed.heart.close();
  });

  const connected = (name: string): boolean =>
    panel.workers().some((one) => one.name === name && one.connected);

  return {
    ...bed,
    panel,
    /** What the panel has said of the workers. */
    heard,
    gateway,
    meter,
    port,
    url,
    connected,
    /** A worker on the kit; resolves when it is on the list. */
    async hire(
      name: string,
      respond: WorkerOptions["respond"],
      more: Partial<WorkerOptions> = {},
    ): Promise<ModelWorker> {
      const one = worker({ url, name, respond, reconnect: { baseMs: 1, maxMs: 5 }, ...more });
      open.push(one);
      await until(() => one.registered);
      return one;
    },
    /** A worker that says exactly what the test says; registered if it has a name. */
    async call(name?: string, more: object = {}): Promise<Caller> {
      const caller = await call(url);
      open.push({ close: () => caller.hangUp() });
      if (name !== undefined) {
        caller.say({ type: "register", name, ...more });
        await caller.next((frame) => frame.type === "registered");
      }
      return caller;
    },
    /** Asks, and listens; `turn` is 1 in a fresh conversation. */
    async ask(conversation = "channel:a", text = "Who?") {
      const { ear } = bed.listen(conversation);
      const { turn, promptId } = await bed.heart.prompt(ada, conversation, { text });
      return { ear, turn, promptId };
    },
    async entries(conversation = "channel:a"): Promise<readonly Entry[]> {
      return (await bed.heart.history(ada, conversation, {})).entries;
    },
  };
};

/** A promise that a test resolves. */
export const gate = (): PromiseWithResolvers<void> => Promise.withResolvers<void>();
