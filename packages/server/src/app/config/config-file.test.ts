import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { readConfigFile } from "./config-file.ts";

const folder = mkdtempSync(path.join(tmpdir(), "colloquy-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("no file is no fault, unless one was named", async () => {
  expect(await readConfigFile(folder)).toEqual({ kind: "none" });
  expect(await readConfigFile(folder, "mine.ts")).toMatchObject({
    kind: "fault",
    fault: { name: "--config" },
  });
});

test("the default export of a file that was named", async () => {
  writeFileSync(path.join(folder, "mine.ts"), "const port: number = 1;\nexport default { port };\n");
  expect(await readConfigFile(folder, "mine.ts")).toEqual({
    kind: "read",
    name: "mine.ts",
    value: { port: 1 },
  });
});

test("P12 a file that breaks says so in one line", async () => {
  writeFileSync(path.join(folder, "broken.ts"), 'throw new Error("no such\\nluck");\n');
  const result = await readConfigFile(folder, "broken.ts");
  expect(result).toMatchObject({
    kind: "fault",
    fault: { name: "broken.ts", wrong: "it cannot be run: Error: no such" },
  });
});

test("the usual name is found by itself", async () => {
  writeFileSync(path.join(folder, "colloquy.config.js"), "export default { host: 'localhost' };\n");
  expect(await readConfigFile(folder)).toEqual({
    kind: "read",
    name: "colloquy.config.js",
    value: { host: "localhost" },
  });
});
