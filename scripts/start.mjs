/** `npm start`: from a fresh clone to a running server. Arguments after `--` go to `colloquy serve`. */
import { runInOurPlace } from "./run-in-our-place.mjs";
import { setUp } from "./set-up.mjs";

const server = ["--conditions=colloquy-source", "packages/server/src/main.ts", "serve"];
process.exitCode = await runInOurPlace(setUp(), [...server, ...process.argv.slice(2)]);
