import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import { startHub } from "../../../tests/stand-ins/hub.ts";
import { until } from "../../../tests/stand-ins/until.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of cleanUp.splice(0).toReversed()) await one();
});

it("the example of the README works as it stands", async () => {
  const hub = await startHub({
    answer(channel, { id }) {
      channel.grow(id, "Hello to you!");
      channel.end(id);
    },
  });
  cleanUp.push(() => hub.close());
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n([^]*?)```/.exec(readme)?.[1]?.trim() ?? "";
  expect(example.split("\n")).toHaveLength(5);
  const program = example.replace("ws://localhost:8080/ws", hub.url);
  const child = spawn(
    process.execPath,
    ["--conditions=colloquy-source", "--input-type=module-typescript", "--eval", program],
    { cwd: new URL("..", import.meta.url), stdio: ["ignore", "pipe", "inherit"] },
  );
  cleanUp.push(() => child.kill());
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString("utf8")));
  await until(() => said.includes("Hello to you!"));
});
