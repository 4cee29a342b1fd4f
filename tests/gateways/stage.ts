import { once } from "node:events";
import { createServer, type Server, type ServerOptions } from "node:http";
import { onTestFinished } from "vitest";
import type { ClientOptions } from "ws";
import type { AdmissionRules } from "../../packages/server/src/auth/admission.ts";
import type { Authenticator } from "../../packages/server/src/auth/authenticator.ts";
import { presentedToken } from "../../packages/server/src/auth/presented-token.ts";
import { everything, type Principal } from "../../packages/server/src/auth/principal.ts";
import type { Conversations } from "../../packages/server/src/conversation/conversations.ts";
import type { WebSocketSettings } from "../../packages/server/src/gateways/websocket/context.ts";
import {
  createWebSocketGateway,
  type WebSocketGateway,
} from "../../packages/server/src/gateways/websocket/websocket-gateway.ts";
import { systemClock, type Clock } from "../../packages/server/src/kernel/clock.ts";
import { ColloquyError } from "../../packages/server/src/kernel/colloquy-error.ts";
import { silentLogger } from "../../packages/server/src/kernel/logger.ts";
import { createMeter, type Meter } from "../../packages/server/src/kernel/meter.ts";
import { createRateLimit } from "../../packages/server/src/kernel/rate-limit.ts";
import { call, type Caller } from "./caller.ts";

export interface StageOptions {
  readonly conversations: Conversations;
  readonly settings?: Partial<WebSocketSettings>;
  readonly admission?: Partial<AdmissionRules>;
  /** Tokens and whose they are; `expired` is always one that has run out. With none at all everybody is anonymous. */
  readonly tokens?: Readonly<Record<string, Principal>>;
  readonly allowQueryToken?: boolean;
  readonly promptsPerMinute?: number;
  readonly publishesPerMinute?: number;
  readonly clock?: Clock;
  readonly server?: ServerOptions;
}

/** The gateway on a socket of loopback, cleared away when the test is over. */
export interface Stage {
  readonly gateway: WebSocketGateway;
  readonly server: Server;
  readonly meter: Meter;
  readonly port: number;
  readonly url: string;
  call(options?: ClientOptions, query?: string): Promise<Caller>;
}

const anonymous: Principal = { user: "anonymous", anonymous: true, grants: everything };

/** Knows these tokens; takes everybody as anonymous where there are none. */
export const authenticatorOf = (tokens: StageOptions["tokens"]): Authenticator => ({
  async identify(credentials) {
    const token = presentedToken(credentials);
    if (!tokens) return anonymous;
    if (token === undefined) return undefined;
    if (token === "expired") throw new ColloquyError("token_expired");
    const principal = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
    if (!principal) throw new ColloquyError("token_invalid");
    return principal;
  },
});

export const setStage = async (options: StageOptions): Promise<Stage> => {
  const meter = createMeter();
  const clock = options.clock ?? systemClock;
  const gateway = createWebSocketGateway({
    conversations: options.conversations,
    authenticator: authenticatorOf(options.tokens),
    admission: { hosts: [], origins: [], anonymous: "loopback", ...options.admission },
    prompts: createRateLimit(options.promptsPerMinute ?? Infinity, clock),
    publishes: createRateLimit(options.publishesPerMinute ?? Infinity, clock),
    allowQueryToken: options.allowQueryToken ?? false,
    clock,
    meter,
    logger: silentLogger,
    ...(options.settings && { settings: options.settings }),
  });
  const server = createServer(options.server ?? {}, (_request, response) => response.writeHead(404).end());
  server.on("upgrade", (request, socket, head) => gateway.handleUpgrade(request, socket, head));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  gateway.start();
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const callers: Caller[] = [];
  onTestFinished(async () => {
    for (const caller of callers) caller.hangUp();
    await gateway.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const url = `ws://127.0.0.1:${port}/ws`;
  return {
    gateway,
    server,
    meter,
    port,
    url,
    async call(more, query = "") {
      const caller = await call(url + query, more);
      callers.push(caller);
      return caller;
    },
  };
};
