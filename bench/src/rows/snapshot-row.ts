import { colloquy } from "../subjects.ts";
import type { Row } from "./row.ts";

const goal = 20;

/** What a long answer costs in bytes when each frame holds all of it. */
export const snapshotRow: Row = {
  name: "snapshot",
  light: true,
  async run(rig, quick) {
    const count = quick ? 1_000 : 10_000;
    const result = await rig.measure(colloquy, "snapshot", {
      rate: 50,
      count,
    });
    const part = result.oneFrameATokenBytes / result.bytes;
    return [
      {
        figure: `a ${count.toLocaleString("en")}-token answer at 50 tokens/s in snapshot mode: bytes sent to one reader`,
        goal: `≤ 1/${goal} of one frame a token`,
        ours: `${(result.bytes / 1e6).toFixed(1)} MB in ${result.frames} frames, 1/${part.toFixed(1)}${result.exact ? "" : ", NOT byte-exact"}`,
        beside: `one frame a token: ${(result.oneFrameATokenBytes / 1e6).toFixed(1)} MB (counted, same envelope)`,
        uses: [],
        held: quick ? undefined : part >= goal && result.exact,
        ...(quick ? { note: "a tenth of the length; the saving grows with it" } : {}),
      },
    ];
  },
};
