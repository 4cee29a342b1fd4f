import type { AdmissionRules } from "../../auth/admission.ts";
import { carryOut } from "./commands.ts";
import { Connection } from "./connection.ts";
import { defaultWebSocketSettings, type GatewayContext, type WebSocketSettings } from "./context.ts";
import { createOutbox } from "../../kernel/outbox.ts";
import { createReceive } from "./receive.ts";
import { createSocketServer, type SocketServer } from "./socket-server.ts";

export interface WebSocketGatewayOptions extends Omit<GatewayContext, "settings" | "outbox"> {
  readonly admission: AdmissionRules;
  /** Takes `?token=`, for clients that can be given only a URL. */
  readonly allowQueryToken: boolean;
  /** Where the wire is served; `/ws` when not given. */
  readonly path?: string;
  readonly settings?: Partial<WebSocketSettings>;
}

/** The channels wire on WebSocket. */
export type WebSocketGateway = SocketServer;

export const createWebSocketGateway = (options: WebSocketGatewayOptions): WebSocketGateway => {
  const { path = "/ws" } = options;
  const settings = { ...defaultWebSocketSettings, ...options.settings };
  const context: GatewayContext = { ...options, settings, outbox: createOutbox() };
  const receive = createReceive(carryOut);
  return createSocketServer({
    ...options,
    path,
    settings,
    connect: (peer) => new Connection({ ...peer, context, receive }),
  });
};
