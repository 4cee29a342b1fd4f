import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { startHub } from "../../../tests/stand-ins/hub.ts";
import { startRoomHub } from "../../../tests/stand-ins/room-hub.ts";
import { until } from "../../../tests/stand-ins/until.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of cleanUp.splice(0).toReversed()) await one();
});

const examples = [
  ...readFileSync(new URL("../README.md", import.meta.url), "utf8").matchAll(/```ts\n([^]*?)```/g),
].map(([, code = ""]) => code.trim());

/** Runs a program as it stands, until it has said something. */
const says = async (program: string, words: string): Promise<void> => {
  const child = spawn(
    process.execPath,
    ["--conditions=colloquy-source", "--input-type=module-typescript", "--eval", program],
    { cwd: new URL("..", import.meta.url), stdio: ["ignore", "pipe", "inherit"] },
  );
  cleanUp.push(() => child.kill());
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  await until(() => said.includes(words));
};

it("the example of the README works as it stands", async () => {
  const hub = await startHub({
    answer(channel, { id }) {
      channel.grow(id, "Hello to you!");
      channel.end(id);
    },
  });
  cleanUp.push(() => hub.close());
  const [example = ""] = examples;
  expect(example.split("\n")).toHaveLength(5);
  await says(example.replace("ws://localhost:8080/ws", hub.url), "Hello to you!");
});

it("and so does that of rooms", async () => {
  const hub = await startRoomHub({
    answer(channel, { id }) {
      channel.grow(id, "To the park!");
      channel.end(id);
    },
  });
  cleanUp.push(() => hub.close());
  const example = examples.find((code) => code.includes("createRoomsClient")) ?? "";
  await says(example.replace("http://localhost:8080", hub.url), "To the park!");
  expect(hub.events.map(({ name }) => name)).toContain("send_message");
});
