import { findMostTurns, type MostTurns } from "../rows/most-turns.ts";
import { kib, ms, percent, times, type Row } from "../rows/row.ts";
import type { Use } from "../proc.ts";
import type { Subject } from "../subjects.ts";
import type { ArrivalsResult } from "./run-arrivals.ts";
import type { ChainResult } from "./run-chain.ts";
import type { FramesResult } from "./run-frames.ts";
import { chainCalls } from "./model-ids.ts";
import { colloquyRooms, gluedRooms, roomEmit } from "./subjects.ts";

const sayMost = (found: MostTurns): string =>
  `${found.loadWasLimit ? "≥ " : ""}${found.turns}` +
  (found.result
    ? ` (p99 ${ms(found.result.p99)}, server ${percent(found.result.use.serverCpuMs / found.result.use.wallMs)})`
    : "");

/** How many live turns one core carries in rooms. */
const turnsRow: Row = {
  name: "room-turns",
  async run(rig, quick) {
    const search = { ceiling: 1_500, windowMs: quick ? 3_000 : 6_000, steps: quick ? 4 : 6 };
    const ours = await findMostTurns(rig, colloquyRooms, { ...search, first: 600 });
    const theirs = await findMostTurns(rig, gluedRooms, { ...search, first: 64 });
    return [
      {
        figure:
          "live turns in rooms on one core, 50 tokens/s each, WebSocket transport, 99 % of tokens within 100 ms",
        goal: `≥ 8 × ${gluedRooms.name}`,
        ours: sayMost(ours),
        beside: `${gluedRooms.name}, nothing stored: ${sayMost(theirs)}, so ${times(ours.turns / theirs.turns)}`,
        uses: [ours, theirs].flatMap((found) => found.uses),
        held: ours.turns >= 8 * theirs.turns,
      },
    ];
  },
};

/** What it costs to let a whole room see a piece of an answer. */
const framesRow: Row = {
  name: "room-frames",
  async run(rig, quick) {
    const members = 500;
    const work = { members, rate: 30, warmMs: 2_000, windowMs: quick ? 4_000 : 8_000 };
    const best = new Map<Subject, { readonly us: number; readonly result: FramesResult }>();
    const uses: Use[] = [];
    // Turn by turn, so that a machine that grows slower in the meantime does so for all of them.
    for (let pass = 0; pass < (quick ? 2 : 3); pass += 1) {
      for (const subject of [colloquyRooms, roomEmit, gluedRooms]) {
        const by = subject === roomEmit ? "publisher" : "answer";
        const result = await rig.measure(subject, "room-frames", { ...work, by });
        const us = (result.use.serverCpuMs * 1_000 * members) / result.delivered;
        rig.say(
          `  ${subject.name}: ${us.toFixed(0)} µs a frame, ${result.delivered} frames in all, p99 ${ms(result.p99)}, whole at ${result.whole}/${members}`,
        );
        uses.push(result.use);
        if (us < (best.get(subject)?.us ?? Infinity)) best.set(subject, { us, result });
      }
    }
    const usOf = (subject: Subject): number => best.get(subject)?.us ?? Number.NaN;
    const say = (subject: Subject): string =>
      `${usOf(subject).toFixed(0)} µs a frame of ${best.get(subject)?.result.bytesPerFrame.toFixed(0) ?? "–"} bytes`;
    return [
      {
        figure: `server CPU per frame of an answer in a room with ${members} members, 30 frames/s`,
        goal: `under ${roomEmit.name}`,
        ours: `${say(colloquyRooms)}, ${times(usOf(colloquyRooms) / usOf(roomEmit))} the emit`,
        beside: `${roomEmit.name}: ${say(roomEmit)}; ${gluedRooms.name}: ${say(gluedRooms)}`,
        uses,
        held: usOf(colloquyRooms) < usOf(roomEmit) && best.get(colloquyRooms)?.result.whole === members,
        note: "the best of several passes each",
      },
    ];
  },
};

/** What a connection in a room costs in memory while nothing happens. */
const idleRow: Row = {
  name: "room-idle",
  async run(rig, quick) {
    const connections = 10_000;
    const measure = async (subject: Subject, perRoom: number): Promise<number> => {
      const settleMs = quick ? 3_000 : 10_000;
      const result = await rig.measure(subject, "room-idle", { connections, perRoom, settleMs });
      const each = (result.rssAfter - result.rssBefore) / connections;
      rig.say(`  ${subject.name}, ${perRoom} a room: ${kib(each)} (${kib(result.rssBefore)} before)`);
      return each;
    };
    const shared = await measure(colloquyRooms, 10);
    const alone = await measure(colloquyRooms, 1);
    const [glued, gluedAlone] = [await measure(gluedRooms, 10), await measure(gluedRooms, 1)];
    return [
      {
        figure: `memory (RSS) per idle Socket.IO connection in a room, ${connections.toLocaleString("en")} users, 10 in each room`,
        goal: "< 20 KiB",
        ours: `${kib(shared)}; with a room for each, the room included: ${kib(alone)}`,
        beside: `${gluedRooms.name}: ${kib(glued)}; with a room for each: ${kib(gluedAlone)}`,
        uses: [],
        held: shared < 20 * 1024,
      },
    ];
  },
};

/** A crowd that comes. */
const arrivalsRow: Row = {
  name: "room-arrivals",
  async run(rig) {
    const work = { clients: 5_000, withinMs: 10_000 };
    const say = ({ p50, p99, worst, lost, use, faults }: ArrivalsResult): string => {
      for (const fault of faults) rig.say(`  fault: ${fault}`);
      const share = percent(use.serverCpuMs / use.wallMs);
      return `p50 ${ms(p50)}, p99 ${ms(p99)}, worst ${ms(worst)}, ${lost} lost (server ${share})`;
    };
    const ours = await rig.measure(colloquyRooms, "room-arrivals", work);
    const said = say(ours);
    rig.say(`  Colloquy: ${said}`);
    const theirs = await rig.measure(gluedRooms, "room-arrivals", work);
    return [
      {
        figure: `${work.clients.toLocaleString("en")} clients within ${work.withinMs / 1_000} s: connect, authenticate (JWT), find, create, join`,
        goal: "p99 < 2 s, none lost",
        ours: said,
        beside: `${gluedRooms.name}, nothing stored: ${say(theirs)}`,
        uses: [ours.use, theirs.use],
        held: ours.p99 < 2_000 && ours.lost === 0,
      },
    ];
  },
};

/** What becomes of members that poll and read slowly, and of those beside them. */
const pollingRow: Row = {
  name: "room-polling",
  light: true,
  async run(rig, quick) {
    const [rate, seconds, pollers] = [100, quick ? 15 : 60, 50];
    const work = { pollers, rate, count: rate * seconds, others: 20 };
    const slow = await rig.measure(colloquyRooms, "room-polling", { ...work, bytesPerSecond: 1024 });
    const fast = await rig.measure(colloquyRooms, "room-polling", { ...work, bytesPerSecond: 0 });
    const glued = await rig.measure(gluedRooms, "room-polling", { ...work, bytesPerSecond: 1024 });
    for (const fault of [...slow.faults, ...fast.faults]) rig.say(`  fault: ${fault}`);
    const more = (slow.growth - fast.growth) / pollers;
    const unaffected = slow.othersP99 <= Math.max(100, fast.othersP99 * 1.5);
    const whole = slow.connected === pollers && slow.exact === pollers;
    return [
      {
        figure: `members that poll and read 1 KB/s in a room with a 100 token/s answer for ${seconds} s (${pollers} of them, 20 others)`,
        goal: "others unaffected; < 64 KiB more memory each; text equal",
        ours:
          `${slow.pollFrames} pieces instead of ${slow.fastFrames}; connected ${slow.connected}/${pollers}; equal ${slow.exact}/${pollers}, ` +
          `the last ${ms(slow.lastEndMs)} after the end; ${kib(more)} more each; others' p99 ${ms(slow.othersP99)}`,
        beside:
          `the same at full speed: equal ${fast.exact}/${pollers}, others' p99 ${ms(fast.othersP99)}; ` +
          `${gluedRooms.name}: equal ${glued.exact}/${pollers}, the last ${ms(glued.lastEndMs)} after the end, ${kib((glued.growth - fast.growth) / pollers)} more each`,
        uses: [],
        held: whole && unaffected && more < 64 * 1024,
      },
    ];
  },
};

/** What a call of a tool costs beside the model and the tool. */
const chainRow: Row = {
  name: "room-chain",
  async run(rig, quick) {
    const work = { turns: quick ? 20 : 60 };
    const say = ({ p50, p99, cpuMs, wrong }: ChainResult): string =>
      `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms, CPU ${cpuMs.toFixed(2)} ms a call${wrong > 0 ? `, ${wrong} chains cut short` : ""}`;
    const ours = await rig.measure(colloquyRooms, "room-chain", work);
    rig.say(`  Colloquy: ${say(ours)}`);
    const theirs = await rig.measure(gluedRooms, "room-chain", work);
    return [
      {
        figure: `a chain of ${chainCalls + 1} model calls with ${chainCalls} tool calls between them that take no time, each durable: time a call`,
        goal: "p50 < 2 ms",
        ours: say(ours),
        beside: `${gluedRooms.name}, nothing stored: ${say(theirs)}`,
        uses: [ours.use, theirs.use],
        held: ours.p50 < 2 && ours.wrong === 0,
      },
    ];
  },
};

/** The rows about rooms over Socket.IO. */
export const roomsRows: readonly Row[] = [turnsRow, framesRow, idleRow, arrivalsRow, pollingRow, chainRow];
