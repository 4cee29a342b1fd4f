import type { IdleResult } from "../load/idle.ts";
import type { JobOf } from "../load/job.ts";
import type { SharedClock } from "../stamp.ts";
import type { RoomsWork } from "./job.ts";
import { runArrivals, type ArrivalsResult } from "./run-arrivals.ts";
import { runChain, type ChainResult } from "./run-chain.ts";
import { runRoomFrames, type FramesResult } from "./run-frames.ts";
import { runRoomIdle } from "./run-idle.ts";
import { runRoomPolling, type PollingResult } from "./run-polling.ts";

/** What comes of each piece of work. */
export interface RoomsResults {
  "room-frames": FramesResult;
  "room-idle": IdleResult;
  "room-arrivals": ArrivalsResult;
  "room-polling": PollingResult;
  "room-chain": ChainResult;
}

export const runRoomsWork = (job: JobOf<RoomsWork["kind"]>, clock: SharedClock): Promise<unknown> => {
  switch (job.kind) {
    case "room-frames":
      return runRoomFrames(job, clock);
    case "room-idle":
      return runRoomIdle(job);
    case "room-arrivals":
      return runArrivals(job, clock);
    case "room-polling":
      return runRoomPolling(job, clock);
    case "room-chain":
      return runChain(job, clock);
  }
};
