import { spawnSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { createTcpGateway } from "../../packages/server/src/gateways/tcp/tcp-gateway.ts";
import { ada } from "../heart/bed.ts";
import { freeUdpPort } from "./free-udp-port.ts";
import { endPythonAfterEach, noPython, startPython } from "./python.ts";
import { closeAfterEach, lent, makeTeam, makeUdpBed } from "./udp-bed.ts";

closeAfterEach();
endPythonAfterEach();

const folder = path.resolve(import.meta.dirname, "../../examples/python-model");
const leftOut = (why: string | undefined): string => (why === undefined ? "" : ` (left out: ${why})`);
const hasNetcat = spawnSync("sh", ["-c", "command -v nc"]).status === 0;
const noShell =
  spawnSync("sh", ["-c", "true"]).status === 0 ? undefined : "there is no shell on this machine";

/** What the breakout asks of `nc`, for machines that have none: sends what it is given to host and port, and ends with the connection. */
const netcat = `#!${process.execPath}
const [host, port] = process.argv.slice(-2);
const socket = require("node:net").connect(Number(port), host);
process.stdin.pipe(socket);
socket.resume().on("close", () => process.exit(0));
`;

/** A folder to look for programs in, before all others. */
const withNetcat = (): string => {
  const bin = mkdtempSync(path.join(tmpdir(), "colloquy-nc-"));
  onTestFinished(() => rmSync(bin, { recursive: true, force: true }));
  writeFileSync(path.join(bin, "nc"), netcat, { mode: 0o755 });
  return bin;
};

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

describe.skipIf(noShell)(`examples/python-model/breakout.sh${leftOut(noShell)}`, () => {
  test(`sends a prompt${hasNetcat ? "" : " (through a stand-in for nc)"}`, async () => {
    const { heart, ear } = await makeTeam([({ text }) => `You said: ${text}`]);
    const conversations = heart;
    const gateway = lent(
      createTcpGateway({ conversations, principal: ada, conversation: "seq:main", port: 0 }),
    );
    await gateway.start();
    const programs = [...(hasNetcat ? [] : [withNetcat()]), process.env["PATH"]].join(path.delimiter);
    const env = { ...process.env, PATH: programs, BREAKOUT_PORT: String(gateway.port) };
    const shell = spawn(path.join(folder, "breakout.sh"), ["Open", "the door"], { env });
    const closed = new Promise((resolve) => shell.once("close", resolve));
    await ear.until(() => ear.ends.size === 1);
    expect([...ear.texts.values()]).toEqual(["You said: Open the door"]);
    await closed;
  });
});
