import { colloquy } from "../subjects.ts";
import { ms, type Row } from "./row.ts";

const goalMs = 10;
const width = 200;

/** How long a person waits until a prompt is known to be safe. */
export const acceptedRow: Row = {
  name: "accepted",
  async run(rig, quick) {
    const result = await rig.measure(colloquy, "accepted", {
      width,
      rounds: quick ? 10 : 40,
    });
    const bare: { p50: number; p99: number } = JSON.parse(
      await rig.runProgram("bench/src/rivals/bare-fsync.ts"),
    );
    for (const fault of result.faults) rig.say(`  fault: ${fault}`);
    return [
      {
        figure: `prompt → accepted (durable), ${width} at a time`,
        goal: `p99 < ${goalMs} ms`,
        ours: `p50 ${ms(result.p50)}, p99 ${ms(result.p99)}, worst ${ms(result.worst)} of ${result.prompts}`,
        beside: `one bare write + fsync in the same folder: p50 ${ms(bare.p50)}, p99 ${ms(bare.p99)}`,
        uses: [result.use],
        held: result.p99 < goalMs && result.faults.length === 0,
      },
    ];
  },
};
