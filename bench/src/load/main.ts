/**
 * The load: one process that carries out one job (its only argument, as JSON) and prints what it measured as one line
 * of JSON, then ends.
 */
import { createSharedClock } from "../stamp.ts";
import { createCrowdWire } from "../rooms/member.ts";
import { runRoomsWork } from "../rooms/run-rooms-work.ts";
import { runAccepted } from "./accepted.ts";
import { channelsWire } from "./channels-wire.ts";
import { runCut } from "./cut.ts";
import { runFanout } from "./fanout.ts";
import { runIdle } from "./idle.ts";
import type { Job, WireName } from "./job.ts";
import { plainWire, socketioWire } from "./rival-wires.ts";
import { runSlow } from "./slow.ts";
import { runSnapshot } from "./snapshot.ts";
import { runTurns } from "./turns.ts";
import type { Wire } from "./wire.ts";

const wires: Readonly<Record<Exclude<WireName, "none">, Wire>> = {
  channels: channelsWire,
  plain: plainWire,
  socketio: socketioWire,
  rooms: createCrowdWire(),
};

const clock = createSharedClock();

const run = async (job: Job): Promise<unknown> => {
  if (job.kind === "turns") return runTurns(job, job.wire === "none" ? undefined : wires[job.wire], clock);
  if (job.wire === "none") throw new Error(`${job.kind} needs a server`);
  const wire = wires[job.wire];
  switch (job.kind) {
    case "fanout":
      return runFanout(job, wire, clock);
    case "snapshot":
      return runSnapshot(job, wire, clock);
    case "idle":
      return runIdle(job, wire);
    case "slow":
      return runSlow(job, wire, clock);
    case "accepted":
      return runAccepted(job, wire, clock);
    case "cut":
      return runCut(job, wire, clock);
    case "room-frames":
    case "room-idle":
    case "room-arrivals":
    case "room-polling":
    case "room-chain":
      break;
  }
  return runRoomsWork(job, clock);
};

// NaN and infinity are figures here ("could not be known", "never"), and JSON has no word for them.
const words = (_key: string, value: unknown): unknown =>
  typeof value === "number" && !Number.isFinite(value) ? String(value) : value;

const result = await run(JSON.parse(process.argv[2] ?? "{}"));
process.stdout.write(`${JSON.stringify(result, words)}\n`, () => process.exit(0));
