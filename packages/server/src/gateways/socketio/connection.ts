import type { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { wireLimits } from "@colloquy/protocol";
import { limitFrames } from "../../kernel/frame-limit.ts";
import { counterOf, pingFrame } from "../../kernel/framing.ts";
import { joinFrames, type Outlet } from "../../kernel/outbox.ts";
import { admits, ask, confirm, mayAsk, noPressure, unconfirmed, wrote } from "../../kernel/pressure.ts";
import type { EngineConnection, SocketIoContext } from "./context.ts";
import { guardPackets } from "./packet-guard.ts";
import { pollingText } from "./packet.ts";
import { forgetRequest, isWritable, netSocketOf, packetsWaiting, webSocketOf } from "./transport.ts";

/** Packets that may wait in Engine.IO's own buffer: its pings, acknowledgements, and what embedders send. */
const maxPackets = 1_000;
const closeWithinMs = 1_000;

/** Somebody who waits for room on a connection. */
export interface Waiting {
  waiting: boolean;
  wake(): void;
}

/**
 * One client of Engine.IO: what goes out and how much of it at a time. On the WebSocket transport our frames go straight to the
 * socket, as bytes that were made once for all readers, and pings of the `ws` say how much has been read. On polling one
 * batch goes out with each poll, and the next poll says that it was read.
 */
export class Connection implements Outlet {
  readonly #conn: EngineConnection;
  readonly #context: SocketIoContext;
  readonly #pressure = noPressure();
  /** Undefined while it polls. */
  #socket: Duplex | undefined;
  /** The kernel did not take all of what was written. */
  #clogged = false;
  /** What goes out when the loop is done with what it is just doing, or with the next poll. */
  #held: Buffer[] = [];
  #heldBytes = 0;
  #scheduled = false;
  #waiting: Waiting[] | undefined;
  #known = false;
  #closed = false;

  constructor(conn: EngineConnection, context: SocketIoContext) {
    this.#conn = conn;
    this.#context = context;
    this.#takeTransport();
    if (conn.transport.name === "polling") conn.once("upgrade", () => this.#takeTransport());
    guardPackets(
      conn,
      () => this.#known,
      () => this.terminate(),
    );
  }

  /** Somebody has said who they are: larger frames are taken from now on. */
  admit(): void {
    if (this.#known) return;
    this.#known = true;
    this.#limitFrames();
    forgetRequest(this.#conn);
  }

  takes(bytes: number): boolean {
    if (this.#closed) return false;
    const socket = this.#socket;
    if (!socket) {
      const { transport } = this.#conn;
      if (!isWritable(transport) || packetsWaiting(this.#conn) > 0) return false;
      return this.#heldBytes === 0 || this.#heldBytes + Math.max(bytes, 1) <= wireLimits.unconfirmedBytes;
    }
    if (!admits(this.#pressure, bytes)) return false;
    // A peer that confirms what it has not read fools only itself: what the kernel does not take counts as well.
    if (this.#clogged) this.#clogged = socket.writableLength > wireLimits.unconfirmedBytes;
    return !this.#clogged;
  }

  write(frame: Buffer): void {
    if (this.#closed) return;
    const { meter } = this.#context;
    meter.frames += 1;
    meter.bytes += frame.length;
    this.#hold(frame);
    if (this.#socket && wrote(this.#pressure, frame.length)) this.#hold(pingFrame(ask(this.#pressure)));
  }

  /** Sends what was asked for, room or no room; a client that asks on without reading is closed. */
  answer(frame: Buffer): void {
    this.write(frame);
    this.#checkUnread();
  }

  /**
   * Sends what nobody asked this client for, unless it lies behind with so much that its own answers would soon not fit: nobody
   * is closed because of what others send.
   */
  offer(frame: Buffer): void {
    if (this.#unread + frame.length <= this.#context.settings.maxUnreadBytes / 2) this.write(frame);
  }

  /** Engine.IO was given so many bytes to send: they count like those that go out here. */
  sent(bytes: number): void {
    if (this.#socket && wrote(this.#pressure, bytes)) this.#hold(pingFrame(ask(this.#pressure)));
  }

  /** Pings too: each of them must come right after what its pong confirms. */
  #hold(frame: Buffer): void {
    this.#held.push(frame);
    this.#heldBytes += frame.length;
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#context.outbox.add(this);
  }

  flush(): void {
    this.#scheduled = false;
    if (this.#held.length === 0 || this.#closed) return;
    const socket = this.#socket;
    if (!socket) {
      if (isWritable(this.#conn.transport) && packetsWaiting(this.#conn) === 0) this.#answerPoll();
      return;
    }
    const held = this.#take();
    // What Engine.IO still holds comes first.
    if (packetsWaiting(this.#conn) > 0) {
      const options = { compress: false, wsPreEncodedFrame: [Buffer.concat(held)] };
      this.#conn.write("", options);
      return;
    }
    const joined = joinFrames(held);
    if (joined) {
      if (!socket.write(joined)) this.#clogged = true;
      return;
    }
    socket.cork();
    for (const frame of held) socket.write(frame);
    socket.uncork();
    this.#clogged = socket.writableNeedDrain;
  }

  #take(): Buffer[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held;
  }

  #answerPoll(): void {
    const held = this.#take();
    const batches = this.#conn.transport.name === "polling" ? [held] : held.map((frame) => [frame]);
    for (const batch of batches) this.#conn.write(pollingText(batch), { compress: false });
  }

  makeRoomFor(one: Waiting): void {
    if (this.#closed) return;
    if (!one.waiting) {
      one.waiting = true;
      (this.#waiting ??= []).push(one);
    }
    if (this.#socket && mayAsk(this.#pressure)) this.#hold(pingFrame(ask(this.#pressure)));
  }

  /** The shared timer looks in. */
  sweep(): void {
    this.#checkUnread();
    if (this.#waiting && this.takes(0)) this.#wakeWaiting();
  }

  #checkUnread(): void {
    const tooMuch = this.#unread > this.#context.settings.maxUnreadBytes;
    if (tooMuch || packetsWaiting(this.#conn) > maxPackets) this.terminate();
  }

  get #unread(): number {
    return this.#socket
      ? Math.max(unconfirmed(this.#pressure), this.#socket.writableLength)
      : this.#heldBytes;
  }

  /** Ends the connection of Engine.IO, never a namespace: clients come back from the one, and not from the other. */
  close(): void {
    if (this.#closed) return;
    this.flush();
    if (this.#held.length > 0) this.#answerPoll();
    this.gone();
    this.#conn.close();
  }

  terminate(): void {
    this.gone();
    // A peer that does not read would not answer a close frame either.
    webSocketOf(this.#conn.transport)?.terminate();
    this.#conn.close(true);
  }

  /** The connection is gone, or as good as that: nothing more is written. */
  gone(): void {
    this.#closed = true;
    this.#held = [];
    this.#waiting = undefined;
  }

  /** The transport that there is from now on: that of the first request, or the WebSocket which it was exchanged for. */
  #takeTransport(): void {
    const { transport } = this.#conn;
    const ws = webSocketOf(transport);
    this.#socket = ws && netSocketOf(ws);
    this.#limitFrames();
    if (!ws || !this.#socket) {
      // A close waits for the next poll, which may never come.
      Reflect.set(transport, "closeTimeout", closeWithinMs);
      transport.on("ready", () => this.#polled());
      return;
    }
    ws.on("pong", (data: Buffer) => this.#ponged(data));
    // What was held for a poll was not counted; the first pong confirms it all the same.
    if (this.#held.length > 0) {
      wrote(this.#pressure, this.#heldBytes);
      this.#hold(pingFrame(ask(this.#pressure)));
    }
    this.#wakeWaiting();
  }

  #limitFrames(): void {
    const { transport } = this.#conn;
    const bytes = this.#known ? wireLimits.hardFrameBytes : wireLimits.anonymousFrameBytes;
    const ws: WebSocket | undefined = webSocketOf(transport);
    if (ws) limitFrames(ws, bytes);
    else Reflect.set(transport, "maxHttpBufferSize", bytes);
  }

  #ponged(data: Buffer): void {
    const counter = counterOf(data);
    if (counter !== undefined && confirm(this.#pressure, counter)) this.#wakeWaiting();
  }

  /** A poll has come, and with it the word that what went out with the last one was read. */
  #polled(): void {
    if (this.#closed || this.#socket) return;
    this.flush();
    this.#wakeWaiting();
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) for (const one of waiting) one.wake();
  }
}
