import type { ServerFrame } from "@colloquy/protocol/workers";
import type { AdmissionRules } from "../../auth/admission.ts";
import { createPatternMatcher } from "../../auth/pattern.ts";
import { jsonFrame } from "../../kernel/framing.ts";
import { createSocketServer, type SocketServer } from "./socket-server.ts";
import { WorkerConnection } from "./worker-connection.ts";
import { receiveWorkerFrame } from "./worker-frames.ts";
import { defaultWorkersSettings, type WorkersContext, type WorkersSettings } from "./workers-context.ts";

export interface WorkersGatewayOptions extends Omit<WorkersContext, "settings" | "encode" | "matches"> {
  readonly admission: AdmissionRules;
  /** Takes `?token=`, for workers that can be given only a URL. */
  readonly allowQueryToken: boolean;
  /** Where the wire is served; `/models` when not given. */
  readonly path?: string;
  readonly settings?: Partial<WorkersSettings>;
}

/** The wire of model workers on WebSocket. */
export type WorkersGateway = SocketServer;

/** Encodes a frame object once, however many it is sent to. */
const createEncoder = (): ((frame: ServerFrame) => Buffer) => {
  const known = new WeakMap<ServerFrame, Buffer>();
  return (frame) => {
    // Only prompts are the same object for several workers.
    if (frame.type !== "prompt") return jsonFrame(frame);
    const bytes = known.get(frame) ?? jsonFrame(frame);
    known.set(frame, bytes);
    return bytes;
  };
};

export const createWorkersGateway = (options: WorkersGatewayOptions): WorkersGateway => {
  const { path = "/models" } = options;
  const settings = { ...defaultWorkersSettings, ...options.settings };
  const context: WorkersContext = {
    ...options,
    settings,
    matches: createPatternMatcher(),
    encode: createEncoder(),
  };
  return createSocketServer({
    ...options,
    path,
    settings,
    connect: (peer) => new WorkerConnection({ context, peer, receive: receiveWorkerFrame }),
  });
};
