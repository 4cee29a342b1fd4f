import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

const base = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), "colloquy-make-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

test("makes what is missing, with its mode, and is content with what is there", () => {
  const folder = path.join(base(), "a/b/c");
  makeFolder(folder, 0o700);
  makeFolder(folder, 0o700);
  expect(statSync(path.dirname(folder)).mode & 0o777).toBe(0o700);
});

test("a file in the way is a fault", () => {
  const file = path.join(base(), "file");
  writeFileSync(file, "");
  expect(() => makeFolder(file)).toThrow("EEXIST");
  expect(() => makeFolder(path.join(file, "a/b"))).toThrow("ENOTDIR");
});

test.skipIf(process.platform !== "linux")(
  "a data folder under /proc kept the start busy for ever (only Linux has one)",
  () => {
    expect(() => makeFolder("/proc/nowhere/data")).toThrow("ENOENT");
    expect(() => makeFolder("/proc/self/data")).toThrow("ENOENT");
  },
);
