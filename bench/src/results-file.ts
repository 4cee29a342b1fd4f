import { writeFileSync } from "node:fs";
import os from "node:os";
import { formatTable } from "./table.ts";
import type { Cores } from "./cores.ts";
import type { Line } from "./rows/row.ts";

/** The machine, as far as it says something about the figures. */
export const describeMachine = (cores: Cores | undefined, quick: boolean): string => {
  const [cpu] = os.cpus();
  return [
    `- date: ${new Date().toISOString().slice(0, 10)}`,
    `- machine: ${os.cpus().length} × ${cpu?.model.trim() ?? "unknown"}, ${(os.totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `- system: ${os.type()} ${os.release()}, ${os.arch()}; Node ${process.version}`,
    `- pinned: ${cores ? `server on core ${cores.server}, everything else on core ${cores.load}` : "no (no taskset, or one core)"}`,
    ...(quick ? ["- run: `--quick`, so windows and answers are shorter than the goals ask"] : []),
  ].join("\n");
};

const words = `## How to read it

Only the ratios between columns of one run mean something; the figures themselves are this machine's.

- The server under test runs with all its threads on one core. The provider stand-in, the load clients and the
  benchmark itself share another. **load core** is how busy that one was; over 85 % a line is void. "Disturbed" says that
  something else ran on the server's core.
- A token is four characters that say when it left the stand-in; its age is read at the reader's socket.
- **streamText + Socket.IO** is the program people write today; **fetch + ws** the careful one. Both, and the hubs of
  the fan-out line, are in \`src/rivals\`, each a page long.
- In rooms the streamText program speaks the same wire and keeps all in memory; "the emit" is Socket.IO's room emit and nothing
  else. Both are driven by the same clients as Colloquy.
- Memory is the growth of the server's RSS; the clients are in another process.
- "Live turns" is the largest number tried at which 99 % of the tokens came in time, every answer ended, and every
  text was what the stand-in had sent. "≥" means that the load was at its limit, not the server.
- A line says "missed" as plainly as "held".

\`npm run bench\` makes this table anew (about half an hour, on a machine that does nothing else);
\`npm run bench -- --only turns,fanout --quick\` runs some lines, shorter.
`;

/** Writes the table with what is needed to judge it. @param machine as {@link describeMachine} has it */
export const writeResults = (file: string, lines: readonly Line[], machine: string): void => {
  writeFileSync(file, `# Figures\n\n${machine}\n\n${formatTable(lines)}\n\n${words}`);
};
