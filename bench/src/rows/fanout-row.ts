import type { Use } from "../proc.ts";
import { colloquy, fanoutBare, fanoutSocketio, fanoutWs, type Subject } from "../subjects.ts";
import { ms, percent, times, type Row } from "./row.ts";

const goal = 1.15;
const readers = 500;

/** What it costs to hand one published frame to everybody in a channel. */
export const fanoutRow: Row = {
  name: "fanout",
  async run(rig, quick) {
    const subjects = [colloquy, fanoutBare, fanoutWs, fanoutSocketio];
    const measure = async (subject: Subject) => {
      const result = await rig.measure(subject, "fanout", {
        readers,
        rate: 100,
        warmMs: 2_000,
        windowMs: quick ? 3_000 : 8_000,
      });
      const us = (result.use.serverCpuMs * 1000) / (result.delivered / readers);
      rig.say(
        `  ${subject.name}: ${us.toFixed(0)} µs a frame of ${result.bytesPerFrame} bytes, p99 ${ms(result.p99)}, load core ${percent(result.use.loadCore)}, ` +
          `all ${result.publishedInAll} frames at ${result.wholeReaders}/${readers} readers`,
      );
      return { result, us };
    };
    // Turn by turn, so that a machine that grows slower in the meantime does so for all of them.
    const runs = new Map<
      Subject,
      { readonly us: number; readonly uses: readonly Use[]; readonly whole: boolean }
    >();
    for (let pass = 0; pass < (quick ? 1 : 2); pass += 1) {
      for (const subject of subjects) {
        const { result, us } = await measure(subject);
        const before = runs.get(subject);
        runs.set(subject, {
          us: Math.min(us, before?.us ?? us),
          uses: [...(before?.uses ?? []), result.use],
          whole: result.wholeReaders === readers && (before?.whole ?? true),
        });
      }
    }
    const usOf = (subject: Subject): number => runs.get(subject)?.us ?? Number.NaN;
    const beside = (subject: Subject): string => `${subject.name}: ${usOf(subject).toFixed(0)} µs`;
    const ratio = usOf(colloquy) / usOf(fanoutBare);
    return [
      {
        figure: "server CPU per relay frame, one channel, 500 readers, 100 frames/s",
        goal: `≤ ${goal} × the bare write loop`,
        ours: `${usOf(colloquy).toFixed(0)} µs, ${times(ratio)} the bare loop`,
        beside: [fanoutBare, fanoutWs, fanoutSocketio].map(beside).join("; "),
        uses: [...runs.values()].flatMap((run) => run.uses),
        held: ratio <= goal && runs.get(colloquy)?.whole === true,
        ...(quick ? {} : { note: "the better of two passes each" }),
      },
    ];
  },
};
