import type { Watched } from "../proc.ts";
import type { RoomsWork } from "../rooms/job.ts";

/** Which wire the server under test speaks; `none` reads the stand-in's own streams, with no server in between. */
export type WireName = "channels" | "plain" | "socketio" | "rooms" | "none";

/** What every piece of work for the load process says. */
export interface JobBase {
  readonly wire: WireName;
  /** Where the server under test listens. */
  readonly port: number;
  readonly standInPort: number;
  readonly watched: Watched;
}

/** A piece of work for the load process: one scenario, once. Times in milliseconds. */
export type Job = JobBase &
  (
    | {
        readonly kind: "turns";
        readonly turns: number;
        readonly rate: number;
        readonly warmMs: number;
        readonly windowMs: number;
      }
    | {
        readonly kind: "fanout";
        readonly readers: number;
        readonly rate: number;
        readonly warmMs: number;
        readonly windowMs: number;
      }
    | { readonly kind: "snapshot"; readonly rate: number; readonly count: number }
    | { readonly kind: "idle"; readonly connections: number; readonly settleMs: number }
    | {
        readonly kind: "slow";
        readonly readers: number;
        readonly bytesPerSecond: number;
        readonly rate: number;
        readonly count: number;
        readonly fast: number;
      }
    | { readonly kind: "accepted"; readonly width: number; readonly rounds: number }
    | { readonly kind: "cut"; readonly readers: number; readonly answers: number; readonly rate: number }
    | RoomsWork
  );

/** The part of a job that a scenario needs. */
export type JobOf<K extends Job["kind"]> = Extract<Job, { kind: K }>;
