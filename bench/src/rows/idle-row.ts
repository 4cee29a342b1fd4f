import { colloquy, fanoutSocketio, fanoutWs, type Subject } from "../subjects.ts";
import { kib, type Row } from "./row.ts";

const goalKib = 12;

/** What a connection costs in memory while nothing happens. */
export const idleRow: Row = {
  name: "idle",
  async run(rig, quick) {
    const connections = 10_000;
    const measure = async (subject: Subject): Promise<number> => {
      const result = await rig.measure(subject, "idle", {
        connections,
        settleMs: quick ? 3_000 : 10_000,
      });
      const each = (result.rssAfter - result.rssBefore) / connections;
      rig.say(
        `  ${subject.name}: ${kib(each)} a connection (${kib(result.rssBefore)} before, ${kib(result.rssAfter)} after)`,
      );
      return each;
    };
    const ours = await measure(colloquy);
    const [ws, socketio] = [await measure(fanoutWs), await measure(fanoutSocketio)];
    return [
      {
        figure: `memory (RSS) per idle connection, ${connections.toLocaleString("en")} of them, each on its own channel`,
        goal: `< ${goalKib} KiB`,
        ours: kib(ours),
        beside: `${fanoutWs.name}: ${kib(ws)}; ${fanoutSocketio.name}: ${kib(socketio)}`,
        uses: [],
        held: ours < goalKib * 1024,
      },
    ];
  },
};
