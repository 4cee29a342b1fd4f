import type { Use, Watched } from "../proc.ts";
import type { FloodResult } from "./flood.ts";

/** Where everybody of a measurement is, as both servers read it from their environment. */
export interface Places {
  /** WebSocket. */
  readonly port: number;
  /** TCP, for breakouts. */
  readonly ingressPort: number;
  /** UDP, where replies are heard. */
  readonly listenPort: number;
  /** UDP, one for each model. */
  readonly peerPorts: readonly number[];
}

/** What the load does to the server under test. Times in milliseconds. */
export type SequencerWork =
  | {
      /** Prompts by TCP, evenly; how long until all models have the datagram. */
      readonly kind: "breakout";
      readonly rate: number;
      readonly prompts: number;
    }
  | {
      /** As many prompts over one WebSocket as come through. */
      readonly kind: "throughput";
      readonly inFlight: number;
      readonly warmMs: number;
      readonly windowMs: number;
    }
  | {
      /** Prompts over one WebSocket, evenly; how old the winner's reply is when its first characters reach the reader. */
      readonly kind: "firsttoken";
      /** The models are WebSocket workers that say 50 pieces a second; otherwise they reply by UDP, all at once. */
      readonly streaming: boolean;
      readonly rate: number;
      readonly prompts: number;
    }
  | {
      /** Bad datagrams where replies are heard, and a few prompts meanwhile. */
      readonly kind: "flood";
      readonly perSecond: number;
      readonly seconds: number;
    }
  | {
      /** Prompts by WebSocket to peers that know no ids, as fast as they come through. */
      readonly kind: "onebyone";
      readonly latencyMs: number;
      readonly prompts: number;
    };

export interface SequencerJob {
  readonly work: SequencerWork;
  readonly places: Places;
  /** The rival speaks plain JSON over its WebSocket. */
  readonly wire: "channels" | "plain";
  readonly watched: Watched;
}

export interface SequencerResult {
  /** Prompts that ended in the time that counts, and how many of these did not with the one right answer. */
  readonly prompts: number;
  readonly wrong: number;
  /** How long that took. */
  readonly wallMs: number;
  /** What the row is about: latency, skew between the first and the last model, milliseconds; NaN where there is none. */
  readonly p50: number;
  readonly p99: number;
  readonly skewP50: number;
  readonly skewP99: number;
  /** What the models took by themselves, milliseconds. */
  readonly peerMs: number;
  readonly flood?: FloodResult;
  /** What the machine did meanwhile. */
  readonly use: Use;
}
