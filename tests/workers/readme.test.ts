import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { until } from "../stand-ins/until.ts";
import { setWorkersStage } from "./stage.ts";

const folder = path.resolve(import.meta.dirname, "../../packages/client");

test("the worker of the README, in under ten lines, answers what is its own and nothing else", async () => {
  const stage = await setWorkersStage();
  const readme = readFileSync(path.join(folder, "README.md"), "utf8");
  const example = [...readme.matchAll(/```ts\n([^`]*worker\([^]*?)```/g)].at(-1)?.[1]?.trim() ?? "";
  expect(example.split("\n").length).toBeLessThan(10);
  const program = example.replace("ws://localhost:8080/models", stage.url);
  const child = spawn(
    process.execPath,
    ["--conditions=colloquy-source", "--input-type=module-typescript", "--eval", program],
    { cwd: folder, stdio: "inherit" },
  );
  onTestFinished(() => void child.kill());
  await until(() => stage.connected("clock"));
  const first = await stage.ask("channel:a", "What time is it?");
  const second = await stage.ask("channel:b", "What is the weather?");
  await Promise.all([first.ear.untilEnded(1), second.ear.untilEnded(1)]);
  expect(first.ear.texts.get(1)).toMatch(/^It is .+\.$/);
  expect(second.ear.ends.get(1)).toBe("no_model");
});
