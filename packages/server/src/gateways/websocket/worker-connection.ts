import type { RawData } from "ws";
import { closeCodes, codes, wireLimits, type Code } from "@colloquy/protocol";
import type { ServerFrame } from "@colloquy/protocol/workers";
import type { Principal } from "../../auth/principal.ts";
import type { WorkerLink, WorkerSeat } from "../../models/worker-desk.ts";
import type { Standing } from "./connection.ts";
import { counterOf, pingFrame } from "../../kernel/framing.ts";
import { limitFrames } from "../../kernel/frame-limit.ts";
import { beat, newPulse, type Pulse } from "./heartbeat.ts";
import { ask, confirm, noPressure, unconfirmed, wrote } from "../../kernel/pressure.ts";
import type { Peer, PeerSocket } from "./socket-server.ts";
import type { WorkersContext } from "./workers-context.ts";

const closing: Standing = { kind: "closing" };

/** Without a close frame. */
const broken = 1006;
/** The worker took its leave. */
const goodbye = 1000;

interface Refusal {
  readonly code: Code;
  readonly message?: string;
}

export interface WorkerConnectionOptions {
  readonly context: WorkersContext;
  readonly peer: PeerSocket;
  /** Takes each text frame, in order. */
  readonly receive: (connection: WorkerConnection, text: string) => void;
}

/** The socket of one model worker: what goes out, signs of life, and how it ends. What the frames mean is others' business. */
export class WorkerConnection implements Peer, WorkerLink {
  readonly context: WorkersContext;
  standing: Standing;
  registered: { readonly name: string; readonly seat: WorkerSeat } | undefined;
  /** It is being decided who sent the frames that wait here. */
  backlog: string[] | undefined;
  readonly #peer: PeerSocket;
  readonly #receive: WorkerConnectionOptions["receive"];
  readonly #pressure = noPressure();
  readonly #pulse: Pulse;

  constructor({ context, peer, receive }: WorkerConnectionOptions) {
    this.context = context;
    this.#peer = peer;
    this.#receive = receive;
    const now = Math.floor(context.clock.monotonic());
    const { credentials } = peer;
    this.standing = { kind: "unknown", until: now + context.settings.authenticateWithinMs, credentials };
    this.#pulse = newPulse(now, context.settings);
  }

  get closing(): boolean {
    return this.standing === closing;
  }

  admit(principal: Principal): void {
    if (this.standing === closing) return;
    this.standing = { kind: "known", principal };
    limitFrames(this.#peer.ws, wireLimits.hardFrameBytes);
  }

  turnAway({ code, message }: Refusal): void {
    this.refuse({ code, ...(message !== undefined && { message }) });
    this.close(closeCodes.notAuthenticated, code);
  }

  send(frame: ServerFrame): void {
    if (this.standing === closing) return;
    const { encode, meter, settings } = this.context;
    const { socket } = this.#peer;
    const bytes = encode(frame);
    meter.frames += 1;
    meter.bytes += bytes.length;
    socket.write(bytes);
    if (wrote(this.#pressure, bytes.length)) socket.write(pingFrame(ask(this.#pressure)));
    // What it does not read it cannot work on: as good as gone.
    const unread = Math.max(unconfirmed(this.#pressure), socket.writableLength);
    if (unread > settings.maxUnreadBytes) this.terminate();
  }

  message(data: RawData, isBinary: boolean): void {
    if (this.standing === closing || !Buffer.isBuffer(data)) return;
    if (isBinary) {
      this.refuse({ code: "binary_refused" });
      this.close(closeCodes.unsupportedData, "binary frames are not taken");
    } else if (data.length > wireLimits.softFrameBytes) {
      this.refuse({ code: "frame_too_large" });
      this.close(closeCodes.tooLarge, "frame too large");
    } else {
      this.#receive(this, data.toString());
    }
  }

  /** Reads no more until {@link resume}; what was read already still comes. */
  pause(): void {
    this.#peer.ws.pause();
  }

  resume(): void {
    this.#peer.ws.resume();
  }

  pong(data: Buffer): void {
    const counter = counterOf(data);
    if (counter !== undefined) confirm(this.#pressure, counter);
  }

  sweep(now: number): void {
    const standing = this.standing;
    const { settings, clock } = this.context;
    const { socket } = this.#peer;
    if (standing.kind === "closing") return;
    if (standing.kind === "unknown" && now >= standing.until) {
      this.turnAway({ code: "not_authenticated" });
    } else if (standing.kind === "known" && (standing.principal.expiresAt ?? Infinity) <= clock.now()) {
      this.turnAway({ code: "token_expired" });
    } else {
      const sign = beat(this.#pulse, socket.bytesRead ?? 0, now, settings);
      if (sign === "dead") this.terminate();
      else if (sign === "ping") socket.write(pingFrame(ask(this.#pressure)));
    }
  }

  close(code: number, reason: string): void {
    if (this.standing === closing) return;
    this.gone(broken);
    this.#peer.ws.close(code, reason);
  }

  terminate(): void {
    this.gone(broken);
    this.#peer.ws.terminate();
  }

  gone(code: number): void {
    this.standing = closing;
    this.backlog = undefined;
    const registered = this.registered;
    this.registered = undefined;
    registered?.seat.gone(code === goodbye);
  }

  refuse({ code, message = codes[code].says }: Refusal, id?: string): void {
    this.context.meter.refusals += 1;
    const { retry } = codes[code];
    this.send({ type: "error", code, message, retry, ...(id !== undefined && { id }) });
  }
}
