import { spawnSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { createTcpGateway } from "../../packages/server/src/gateways/tcp/tcp-gateway.ts";
import { ada } from "../heart/bed.ts";
import { freeUdpPort } from "./free-udp-port.ts";
import { endPythonAfterEach, noPython, startPython } from "./python.ts";
import { closeAfterEach, lent, makeTeam, makeUdpBed } from "./udp-bed.ts";

closeAfterEach();
endPythonAfterEach();

const folder = path.resolve(import.meta.dirname, "../../examples/python-model");
const leftOut = (why: string | undefined): string => (why === undefined ? "" : ` (left out: ${why})`);
const noNetcat =
  spawnSync("sh", ["-c", "command -v nc"]).status === 0 ? undefined : "there is no nc on this machine";

describe.skipIf(noPython)(`examples/python-model/model.py${leftOut(noPython)}`, () => {
  test.for([1, 2] as const)(
    "answers a sequencer of ours in generation %i, repeating ids and declining",
    async (generation) => {
      const [port, listenPort] = [await freeUdpPort(), await freeUdpPort()];
      startPython(path.join(folder, "model.py"), [port, listenPort]);
      const { answer } = await makeUdpBed({ peers: [{ port }], listenPort, generation }, { deadlineMs: 100 });
      // Until it listens, nobody answers.
      while ((await answer("shout hello")) !== "HELLO");
      expect(await answer("whisper hello")).toBe("no_model");
      expect(await answer(`shout ${"ä".repeat(20_000)}`)).toBe("Ä".repeat(20_000));
    },
  );

  test("is under 60 lines", () => {
    expect(readFileSync(path.join(folder, "model.py"), "utf8").split("\n").length).toBeLessThanOrEqual(60);
  });
});

describe.skipIf(noNetcat)(`examples/python-model/breakout.sh${leftOut(noNetcat)}`, () => {
  test("sends a prompt", async () => {
    const { heart, ear } = await makeTeam([({ text }) => `You said: ${text}`]);
    const conversations = heart;
    const gateway = lent(
      createTcpGateway({ conversations, principal: ada, conversation: "seq:main", port: 0 }),
    );
    await gateway.start();
    const env = { ...process.env, BREAKOUT_PORT: String(gateway.port) };
    const shell = spawn(path.join(folder, "breakout.sh"), ["Open", "the door"], { env });
    const closed = new Promise((resolve) => shell.once("close", resolve));
    await ear.until(() => ear.ends.size === 1);
    expect([...ear.texts.values()]).toEqual(["You said: Open the door"]);
    await closed;
  });
});
