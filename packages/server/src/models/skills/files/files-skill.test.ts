import { execFileSync } from "node:child_process";
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFilesSkill } from "./files-skill.ts";
import { createOpenFolder } from "./open-folder.ts";

const secret = "nobody may read this";
let top: string;
let root: string;

beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), "colloquy-test-"));
  root = path.join(top, "open");
  mkdirSync(path.join(root, "docs/deep"), { recursive: true });
  writeFileSync(path.join(top, "secret.txt"), secret);
  writeFileSync(path.join(root, ".env"), secret);
  writeFileSync(path.join(root, "notes.txt"), "hello\n");
  writeFileSync(path.join(root, "empty.txt"), "");
  writeFileSync(
    path.join(root, "docs/long.md"),
    Array.from({ length: 100 }, (_, i) => `line ${i + 1}\n`).join(""),
  );
  writeFileSync(path.join(root, "picture.bin"), Buffer.from([0xff, 0xfe, 0x00, 0x41]));
});

afterEach(() => rmSync(top, { recursive: true, force: true }));

const ask = async (text: string): Promise<unknown> =>
  createFilesSkill({ folder: root }).respond({ text }, AbortSignal.any([]));

test("it lists, finds and shows", async () => {
  expect(await ask("list files")).toBe("docs/\nempty.txt (0 B)\nnotes.txt (6 B)\npicture.bin (4 B)");
  expect(await ask("ls docs")).toBe("deep/\nlong.md (792 B)");
  expect(await ask("find *.md")).toBe("docs/long.md (792 B)");
  expect(await ask("find files named NOTES")).toBe("notes.txt (6 B)");
  expect(await ask("show notes.txt")).toBe("hello\n");
  expect(await ask("first 2 lines of docs/long.md")).toBe(
    "line 1\nline 2\n… (the beginning of docs/long.md, 792 B)",
  );
  expect(await ask("cat empty.txt")).toBe("empty.txt is empty.");
  expect(await ask("cat picture.bin")).toBe("picture.bin (4 B) is no text.");
});

test("a file that is not there is its own affair only if nothing else can be meant", async () => {
  expect(await ask("cat nope.txt")).toBe("nope.txt is not there.");
  expect(await ask("show example.com")).toBeUndefined();
  expect(await ask("cat food")).toBeUndefined();
});

test.each([
  "cat ../secret.txt",
  "cat docs/../../secret.txt",
  "cat ./../secret.txt",
  "cat /etc/passwd",
  "cat C:\\secret.txt",
  "cat ..\\secret.txt",
  "cat .env",
  'cat ".env"',
  "cat docs/../.env",
  "ls ..",
  "ls /",
  "ls .",
  "find files named ../secret",
])("P11 there is no way out by name: %s", async (asked) => {
  expect(String(await ask(asked))).not.toMatch(/nobody|secret\.txt \(|root:/);
});

test("P11 there is no way out by links, on the way or at its end, and none by devices or pipes", async () => {
  symlinkSync(path.join(top, "secret.txt"), path.join(root, "link.txt"));
  symlinkSync(top, path.join(root, "up"));
  symlinkSync("notes.txt", path.join(root, "inner.txt"));
  execFileSync("mkfifo", [path.join(root, "pipe.txt")]);
  const folder = createOpenFolder(root);
  for (const name of ["link.txt", "up/secret.txt", "inner.txt", "pipe.txt"])
    await expect(folder.read(name, 100)).rejects.toMatchObject({ refusal: "special" });
  await expect(folder.list("up", 10)).rejects.toMatchObject({ refusal: "special" });
  expect(await ask("list files")).not.toMatch(/link|up|inner|pipe/);
  expect(await ask("find files named secret")).toBe("No file's name fits secret.");
});

test("P11 the folder itself may be reached by a link, and what takes its place meanwhile is not followed", async () => {
  symlinkSync(root, path.join(top, "alias"));
  const folder = createOpenFolder(path.join(top, "alias"));
  expect((await folder.read("notes.txt", 100)).bytes.toString()).toBe("hello\n");
  renameSync(path.join(root, "docs"), path.join(root, "docs-before"));
  symlinkSync(top, path.join(root, "docs"));
  await expect(folder.read("docs/secret.txt", 100)).rejects.toMatchObject({ refusal: "special" });
});

test("P11 whatever name is asked for, nothing outside is read", async () => {
  const folder = createOpenFolder(root);
  const part = fc.constantFrom(
    "..",
    ".",
    "",
    "/",
    "docs",
    "secret.txt",
    "\\",
    "open",
    ".env",
    "\0",
    "~",
    "%2e%2e",
    "C:",
  );
  const name = fc.oneof(
    fc.array(part, { maxLength: 6 }).map((parts) => parts.join("/")),
    fc.string({ unit: "binary" }),
  );
  await fc.assert(
    fc.asyncProperty(name, async (asked) => {
      const read = await folder.read(asked, 100).catch(() => undefined);
      expect(read?.bytes.toString() ?? "").not.toContain(secret);
    }),
  );
});

test("P5 large files and folders are shown in part", async () => {
  writeFileSync(path.join(root, "large.txt"), "é".repeat(1_000_000));
  for (let i = 0; i < 150; i += 1) linkSync(path.join(root, "notes.txt"), path.join(root, `copy-${i}.txt`));
  const large = String(await ask("show large.txt"));
  expect(large.length).toBeLessThan(8_192);
  expect(large).toMatch(/^é+\n… \(the beginning of large.txt, 2.0 MB\)$/);
  expect(String(await ask("list files")).split("\n")).toHaveLength(101);
  expect(String(await ask("list files"))).toMatch(/… and more$/);
});

test("a folder that is not there is told, not thrown", async () => {
  rmSync(root, { recursive: true });
  expect(await ask("list files")).toBe("The folder is not there.");
  expect(await ask("find *.md")).toBe("The folder is not there.");
});
