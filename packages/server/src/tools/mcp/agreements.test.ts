import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { createAgreements, fingerprintOf } from "./agreements.ts";

const newFile = async (): Promise<string> =>
  path.join(await mkdtemp(path.join(tmpdir(), "colloquy-")), "data", "mcp-tools.json");

const seen = (tools: Record<string, string>) => new Map(Object.entries(tools));

test("what is first seen is agreed to, and so it stays over a restart; what changes is not", async () => {
  const file = await newFile();
  const first = createAgreements(file);
  expect(await first.agreed("s", seen({ a: "1", b: "2" }), true)).toEqual(new Set(["a", "b"]));
  const second = createAgreements(file);
  expect(await second.agreed("s", seen({ a: "1", b: "changed", c: "3" }), true)).toEqual(new Set(["a", "c"]));
  expect(await second.agreed("s", seen({ b: "2" }), true)).toEqual(new Set(["b"]));
  expect(await second.agreed("other", seen({ b: "changed" }), true)).toEqual(new Set(["b"]));
});

test("a tool that goes away and comes back changed is no new one", async () => {
  const agreements = createAgreements(await newFile());
  await agreements.agreed("s", seen({ a: "1" }), true);
  await agreements.agreed("s", seen({}), true);
  expect(await agreements.agreed("s", seen({ a: "2" }), true)).toEqual(new Set());
});

test("with trust in what is listed alone, nothing is agreed to but by the operator, who may be another process", async () => {
  const file = await newFile();
  const server = createAgreements(file);
  expect(await server.agreed("s", seen({ a: "1" }), false)).toEqual(new Set());
  await createAgreements(file).agree("s", seen({ a: "1" }));
  expect(await server.agreed("s", seen({ a: "1", b: "2" }), false)).toEqual(new Set(["a"]));
});

test("names that every object has are names like others", async () => {
  const agreements = createAgreements(await newFile());
  const names = { ["__proto__"]: "1", constructor: "1", toString: "1" };
  expect((await agreements.agreed("s", seen(names), true)).size).toBe(3);
  expect((await agreements.agreed("s", new Map([["__proto__", "2"]]), true)).size).toBe(0);
  expect((await agreements.agreed("__proto__", seen({ a: "1" }), false)).size).toBe(0);
});

test("several servers at once lose nothing of one another", async () => {
  const file = await newFile();
  const agreements = createAgreements(file);
  await Promise.all(
    ["a", "b", "c", "d"].map((server) => agreements.agreed(server, seen({ t: server }), true)),
  );
  const { servers } = JSON.parse(await readFile(file, "utf8"));
  expect(Object.keys(servers).toSorted()).toEqual(["a", "b", "c", "d"]);
});

test("P11 a damaged file is said, agrees to nothing, and is left as it is", async () => {
  const file = await newFile();
  const agreements = createAgreements(file);
  await agreements.agreed("s", seen({ a: "1" }), true);
  for (const damaged of ["{", "[]", '{"servers":[]}', ""]) {
    await writeFile(file, damaged);
    await expect(agreements.agreed("s", seen({ a: "1" }), true)).rejects.toThrow(/is damaged/);
    expect(await readFile(file, "utf8")).toBe(damaged);
  }
});

test("P5 a server that shows new tools for ever is not remembered for ever", async () => {
  const agreements = createAgreements(await newFile());
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`t${i}`, "1"]));
  expect((await agreements.agreed("s", seen(many), true)).size).toBe(1_024);
});

test("a fingerprint is of the content, whatever the order of its keys", () => {
  const one = fingerprintOf({ a: 1, b: [{ c: 2, d: undefined }] });
  expect(fingerprintOf({ b: [{ c: 2 }], a: 1 })).toBe(one);
  expect(fingerprintOf({ a: 1, b: [{ c: 3 }] })).not.toBe(one);
});
