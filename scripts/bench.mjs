/** `npm run bench`: the figures, on a fresh clone too. Arguments after `--` go to the benchmark. */
import { runInOurPlace } from "./run-in-our-place.mjs";
import { setUp } from "./set-up.mjs";

process.exitCode = await runInOurPlace(setUp(), ["bench/src/main.ts", ...process.argv.slice(2)]);
