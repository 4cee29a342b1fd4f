import { colloquy } from "../subjects.ts";
import { ms, type Row } from "./row.ts";

const readers = 2_000;
const goalMs = 1_000;

/** What a lost network costs when it comes back for everybody at once. */
export const cutRow: Row = {
  name: "cut",
  async run(rig) {
    const result = await rig.measure(colloquy, "cut", {
      readers,
      answers: 20,
      rate: 10,
    });
    for (const fault of result.faults) rig.say(`  fault: ${fault}`);
    return [
      {
        figure: `${readers.toLocaleString("en")} readers of 20 answers cut and back within 1 s in mid-answer`,
        goal: "all byte-exact; p99 of recovery < 1 s",
        ours: `byte-exact ${result.exact}/${readers}; recovered by cursor ${result.recovered}/${readers}; p50 ${ms(result.p50)}, p99 ${ms(result.p99)}, worst ${ms(result.worst)}`,
        beside: "–",
        uses: [result.use],
        held: result.exact === readers && result.p99 < goalMs,
        note: "recovery: from connecting to the first text after what the reader had; answers grow by 10 tokens/s",
      },
    ];
  },
};
