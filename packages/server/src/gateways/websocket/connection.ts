import type { Duplex } from "node:stream";
import type { RawData, WebSocket } from "ws";
import { closeCodes, wireLimits } from "@colloquy/protocol";
import type { Credentials } from "../../auth/authenticator.ts";
import type { Principal } from "../../auth/principal.ts";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import { refusalFrame, type About, type Refusal } from "./answers.ts";
import type { GatewayContext } from "./context.ts";
import { counterOf, pingFrame } from "../../kernel/framing.ts";
import { limitFrames } from "../../kernel/frame-limit.ts";
import { beat, newPulse } from "./heartbeat.ts";
import { joinFrames, type Outlet } from "../../kernel/outbox.ts";
import { admits, ask, confirm, mayAsk, noPressure, unconfirmed, wrote } from "../../kernel/pressure.ts";
import type { Subscription, SubscriptionHost } from "./subscription.ts";

/** Who is at the other end. */
export type Standing =
  /** Has not said who it is; the credentials are what came with the request. */
  | { readonly kind: "unknown"; readonly until: number; readonly credentials: Credentials }
  | { readonly kind: "known"; readonly principal: Principal }
  /** The close frame is out, or the socket is gone: nothing more is read or written. */
  | { readonly kind: "closing" };

/** The one value of its kind. */
const closing: Standing = { kind: "closing" };

/** Answers that a peer may leave unread, bytes; a connection that asks on without reading is closed. */
const maxUnreadAnswers = 4 * 1024 * 1024;

export interface ConnectionOptions {
  readonly context: GatewayContext;
  readonly socket: Duplex & { readonly bytesRead?: number };
  readonly ws: WebSocket;
  readonly credentials: Credentials;
  /** Takes each text frame, in order. */
  readonly receive: (connection: Connection, text: string) => void;
}

/**
 * One socket: what goes out and how much of it at a time, signs of life, and how it ends. What the frames mean is others'
 * business. Everything that a connection needs only at times is made when it is needed: most of them are idle.
 */
export class Connection implements SubscriptionHost, Outlet {
  // What every frame looks at comes first: with many connections the memory that is touched costs more than the work.
  readonly #socket: ConnectionOptions["socket"];
  readonly #pressure = noPressure();
  standing: Standing;
  /** The kernel did not take all of what was written. */
  #clogged = false;
  /** What goes out when the loop is done with what it is just doing. */
  #held: Buffer[] | undefined;
  readonly context: GatewayContext;
  old = false;
  subscriptions: Map<string, Subscription> | undefined;
  /** Frames that wait until those before them are done with; undefined when none has to. */
  backlog: string[] | undefined;
  /** Commands that have not been answered yet. */
  underWay = 0;
  /** One of them says who it is; what follows waits for that. */
  authenticating = false;
  readonly #ws: WebSocket;
  readonly #receive: ConnectionOptions["receive"];
  readonly #pulse;
  #waiting: Subscription[] | undefined;

  constructor({ context, socket, ws, credentials, receive }: ConnectionOptions) {
    this.context = context;
    this.#socket = socket;
    this.#ws = ws;
    this.#receive = receive;
    const now = Math.floor(context.clock.monotonic());
    this.standing = { kind: "unknown", until: now + context.settings.authenticateWithinMs, credentials };
    this.#pulse = newPulse(now, context.settings);
  }

  get principal(): Principal | undefined {
    return this.standing.kind === "known" ? this.standing.principal : undefined;
  }

  get closing(): boolean {
    return this.standing.kind === "closing";
  }

  /** Now it is known who is there. */
  admit(principal: Principal): void {
    if (this.closing) return;
    this.standing = { kind: "known", principal };
    limitFrames(this.#ws, wireLimits.hardFrameBytes);
  }

  takes(bytes: number): boolean {
    if (!admits(this.#pressure, bytes) || this.standing === closing) return false;
    // A peer that confirms what it has not read fools only itself: what the kernel does not take counts as well.
    if (this.#clogged) this.#clogged = this.#socket.writableLength > wireLimits.unconfirmedBytes;
    return !this.#clogged;
  }

  write(frame: Buffer): void {
    if (this.standing === closing) return;
    const { meter } = this.context;
    meter.frames += 1;
    meter.bytes += frame.length;
    this.#hold(frame);
    if (wrote(this.#pressure, frame.length)) this.#hold(pingFrame(ask(this.#pressure)));
  }

  /** Pings too: each of them must come right after what its pong confirms. */
  #hold(frame: Buffer): void {
    if (this.#held) {
      this.#held.push(frame);
      return;
    }
    this.#held = [frame];
    this.context.outbox.add(this);
  }

  flush(): void {
    const held = this.#held;
    if (!held) return;
    this.#held = undefined;
    const joined = joinFrames(held);
    if (joined) {
      if (!this.#socket.write(joined)) this.#clogged = true;
      return;
    }
    this.#socket.cork();
    for (const frame of held) this.#socket.write(frame);
    this.#socket.uncork();
    this.#clogged = this.#socket.writableNeedDrain;
  }

  answer(frame: Buffer): void {
    this.write(frame);
    const unread = Math.max(unconfirmed(this.#pressure), this.#socket.writableLength);
    if (unread > maxUnreadAnswers) this.close(closeCodes.tooSlow, "too slow for its own questions");
  }

  refuse(about: About, refusal: Refusal): void {
    this.context.meter.refusals += 1;
    this.answer(refusalFrame(about, refusal, this.context.clock.now(), this.old));
  }

  makeRoomFor(subscription: Subscription): void {
    if (this.closing) return;
    if (!subscription.waiting) {
      subscription.waiting = true;
      (this.#waiting ??= []).push(subscription);
    }
    if (mayAsk(this.#pressure)) this.#hold(pingFrame(ask(this.#pressure)));
  }

  drop(subscription: Subscription, error: ColloquyError): void {
    subscription.close();
    this.subscriptions?.delete(subscription.channel);
    this.refuse({ channel: subscription.channel }, error);
  }

  message(data: RawData, isBinary: boolean): void {
    if (this.closing || !Buffer.isBuffer(data)) return;
    if (isBinary) {
      this.refuse({}, new ColloquyError("binary_refused"));
      this.close(closeCodes.unsupportedData, "binary frames are not taken");
    } else if (data.length > wireLimits.softFrameBytes) {
      this.refuse({}, new ColloquyError("frame_too_large"));
      this.close(closeCodes.tooLarge, "frame too large");
    } else {
      this.#receive(this, data.toString());
    }
  }

  pong(data: Buffer): void {
    const counter = counterOf(data);
    if (counter !== undefined && confirm(this.#pressure, counter)) this.#wakeWaiting();
  }

  /** Reads no more until {@link resume}; what was read already still comes. */
  pause(): void {
    this.#ws.pause();
  }

  resume(): void {
    this.#ws.resume();
  }

  /** The shared timer looks in. @param now monotonic milliseconds */
  sweep(now: number): void {
    const { standing } = this;
    if (standing.kind === "closing") return;
    const { settings, clock } = this.context;
    if (standing.kind === "unknown" && now >= standing.until) {
      this.turnAway(new ColloquyError("not_authenticated"));
    } else if (standing.kind === "known" && (standing.principal.expiresAt ?? Infinity) <= clock.now()) {
      this.turnAway(new ColloquyError("token_expired"));
    } else {
      const sign = beat(this.#pulse, this.#socket.bytesRead ?? 0, now, settings);
      if (sign === "dead") this.terminate();
      else if (sign === "ping") this.#hold(pingFrame(ask(this.#pressure)));
      if (this.#waiting && this.takes(0)) this.#wakeWaiting();
    }
  }

  /** Says why, and closes with the code for those who have not said who they are. */
  turnAway(error: ColloquyError): void {
    this.refuse({}, error);
    this.close(closeCodes.notAuthenticated, error.code);
  }

  close(code: number, reason: string): void {
    if (this.closing) return;
    this.flush();
    this.gone();
    this.#ws.close(code, reason);
  }

  terminate(): void {
    this.gone();
    this.#ws.terminate();
  }

  /** Lets go of everything; the socket is closing or gone. */
  gone(): void {
    this.standing = closing;
    this.#held = undefined;
    this.backlog = undefined;
    this.#waiting = undefined;
    const { subscriptions } = this;
    this.subscriptions = undefined;
    if (subscriptions) for (const subscription of subscriptions.values()) subscription.close();
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) for (const subscription of waiting) subscription.wake();
  }
}
