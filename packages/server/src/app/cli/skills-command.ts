import { parseArgs } from "node:util";
import { runSkills } from "../team/run-skills.ts";
import { skillNames, skillsOrder } from "../team/skills-order.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** `colloquy skills`: the skills as UDP workers for any sequencer, until it is asked to stop. */
export const skillsCommand = async (args: readonly string[], terminal: Terminal): Promise<ExitCode> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ports: { type: "string", default: "5001,5002,5003,5004" },
      "reply-to": { type: "string", default: "5000" },
      folder: { type: "string", default: "." },
    },
  });
  const ports = values.ports.split(",").map(Number);
  const secret = terminal.env["SEQUENCER_SECRET"];
  const order = skillsOrder.safeParse({
    ports: Object.fromEntries(skillNames.slice(0, ports.length).map((name, index) => [name, ports[index]])),
    replyTo: Number(values["reply-to"]),
    folder: values.folder,
    ...(secret && { secret }),
  });
  if (!order.success || ports.length > skillNames.length) {
    const wrong = order.error?.issues.some(({ path: [first] }) => first === "replyTo")
      ? "Where does the sequencer hear? Write --reply-to 5000."
      : `Write one port each for ${skillNames.join(", ")}: --ports 5001,5002,5003,5004.`;
    terminal.errors.write(`${wrong}\n`);
    return 2;
  }
  const running = await runSkills(order.data);
  const listening = Object.entries(order.data.ports).map(([name, port]) => `${name} on ${port}`);
  terminal.output.write(`${listening.join(", ")}; replies go to ${order.data.replyTo}.\n`);
  await new Promise<void>((resolve) => {
    const forget = terminal.onStop(() => {
      forget();
      resolve();
    });
  });
  await running.close();
  return 0;
};
