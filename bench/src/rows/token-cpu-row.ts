import { colloquy, rivalOne, rivalTwo, type Subject } from "../subjects.ts";
import { percent, type Row } from "./row.ts";

const goalUs = 25;

/** What a token costs the server, from the provider's socket to the reader's. */
export const tokenCpuRow: Row = {
  name: "tokens",
  async run(rig, quick) {
    const measure = async (subject: Subject) => {
      const result = await rig.measure(subject, "turns", {
        turns: 200,
        rate: 50,
        warmMs: quick ? 2_000 : 4_000,
        windowMs: quick ? 4_000 : 10_000,
      });
      const us = (result.use.serverCpuMs * 1000) / result.delivered;
      const share = result.use.serverCpuMs / result.use.wallMs;
      rig.say(
        `  ${subject.name}: ${us.toFixed(1)} µs a token, server ${percent(share)}, ${result.delivered} tokens in ${result.frames} frames`,
      );
      return { result, us, said: `${us.toFixed(1)} µs${share > 0.95 ? " (its core is full)" : ""}` };
    };
    const ours = await measure(colloquy);
    const one = await measure(rivalOne);
    const two = await measure(rivalTwo);
    return [
      {
        figure: "server CPU per delivered token at 200 live turns",
        goal: `≤ ${goalUs} µs`,
        ours: ours.said,
        beside: `${rivalOne.name}: ${one.said}; ${rivalTwo.name}: ${two.said}`,
        uses: [ours, one, two].map(({ result }) => result.use),
        held: ours.us <= goalUs,
      },
    ];
  },
};
