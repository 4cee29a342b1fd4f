import { expect, onTestFinished, test } from "vitest";
import { createBroadcaster } from "../../packages/server/src/models/udp-broadcaster.ts";
import { freeUdpPort } from "../sequencer/free-udp-port.ts";
import { freshFolder, runProgram } from "../server/process.ts";
import { until } from "../stand-ins/until.ts";

const main = "packages/server/src/main.ts";

test("P7 colloquy skills serves an existing sequencer, which knows no ids: one reply, from the one that is meant", async () => {
  const ports: number[] = [];
  for (let i = 0; i < 4; i += 1) ports.push(await freeUdpPort());
  const broadcaster = createBroadcaster({ broadcastPorts: ports, listenPort: 0 });
  await broadcaster.start();
  onTestFinished(() => broadcaster.close());
  const args = [
    "skills",
    "--ports",
    ports.join(","),
    "--reply-to",
    String(broadcaster.port),
    "--folder",
    freshFolder(),
  ];
  const program = runProgram(main, args, {});
  await program.says(/arithmetic on \d+, time on \d+, text on \d+, files on \d+/);
  const said: string[] = [];
  broadcaster.onReply(({ sender, text }) => said.push(`${sender?.replace(/-\d+$/, "")}: ${text}`));
  for (const prompt of ["2+2", "reverse hello", "list files", "a poem, please", "is 2024 a leap year"])
    broadcaster.broadcastMessage(prompt, []);
  await until(() => said.length === 4);
  expect(said.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    "arithmetic: 2 + 2 = 4",
    "files: There are no files.",
    "text: olleh",
    "time: 2024 is a leap year.",
  ]);
  program.child.kill("SIGTERM");
  expect(await program.ended).toBe(0);
});

test("P12 a port too many, or one that is taken, is said", async () => {
  const many = runProgram(main, ["skills", "--ports", "1,2,3,4,5"], {});
  expect(await many.ended).toBe(2);
  expect(many.said()).toContain("one port each for arithmetic, time, text, files");
  const broadcaster = createBroadcaster({ broadcastPorts: [], listenPort: 0 });
  await broadcaster.start();
  onTestFinished(() => broadcaster.close());
  const taken = runProgram(main, ["skills", "--ports", String(broadcaster.port)], {});
  expect(await taken.ended).toBe(1);
  expect(taken.said()).toContain(`UDP port ${broadcaster.port} is taken by another program.`);
});
