/** A worker in a process of its own, for tests that kill it. It goes as far as `HOLD` says, and then no further. */
import { worker } from "@colloquy/client";

const { URL: url = "", NAME: name = "", HOLD: hold = "" } = process.env;
const say = (word: string): void => void process.stdout.write(`${word}\n`);

worker({
  url,
  name,
  reconnect: { baseMs: 1, maxMs: 5 },
  onLog: ({ event }) => say(event),
  async *respond(prompt) {
    say("asked");
    if (hold === "claim") prompt.claim();
    if (hold === "text") yield "Partly";
    if (hold !== "") await new Promise(() => {});
    yield `${name} answers`;
  },
});
