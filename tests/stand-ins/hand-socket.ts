import type { WebSocketConstructor, WebSocketLike } from "@colloquy/client";

/** A WebSocket whose other end is the test. */
export interface HandSocket extends WebSocketLike {
  /** What was sent and not taken yet, in order. */
  readonly sent: string[];
  bufferedAmount: number;
  say(frame: object | string): void;
  /** Ends it; without a code it just breaks. */
  end(code?: number, reason?: string): void;
}

/** A constructor of such sockets, which open at once; `sockets` has all of them, the newest last. */
export const handSockets = (): {
  readonly WebSocket: WebSocketConstructor;
  readonly sockets: HandSocket[];
} => {
  const sockets: HandSocket[] = [];
  class HandMade implements HandSocket {
    readyState = 0;
    bufferedAmount = 0;
    readonly sent: string[] = [];
    onopen: ((event: object) => void) | null = null;
    onmessage: ((event: { readonly data: string }) => void) | null = null;
    onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null = null;
    onerror: ((event: never) => void) | null = null;
    constructor() {
      sockets.push(this);
      queueMicrotask(() => {
        if (this.readyState !== 0) return;
        this.readyState = 1;
        this.onopen?.({});
      });
    }
    send(data: string): void {
      if (this.readyState === 1) this.sent.push(data);
    }
    say(frame: object | string): void {
      const data = typeof frame === "string" ? frame : JSON.stringify(frame);
      this.onmessage?.({ data });
    }
    end(code = 1006, reason = ""): void {
      if (this.readyState === 3) return;
      this.readyState = 3;
      this.onclose?.({ code, reason });
    }
    close(code = 1005, reason = ""): void {
      this.end(code, reason);
    }
    terminate(): void {
      this.end();
    }
  }
  return { WebSocket: HandMade, sockets };
};
