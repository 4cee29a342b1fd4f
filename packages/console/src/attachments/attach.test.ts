import { expect, test } from "vitest";
import { attach, attachmentBounds, bytesOf, fileSize, typeOf } from "./attach.ts";

const file = (name: string, type: string, size = 3) => ({
  name,
  type,
  size,
  arrayBuffer: () => Promise.resolve(new Uint8Array(size).fill(255).buffer),
});

test("images, PDF and text go along; what else is chosen is left out, and told", async () => {
  const chosen = [file("a.png", "image/png"), file("b.md", ""), file("c.exe", "application/x-msdownload")];
  const { files, fault } = await attach([], chosen);
  expect(files).toEqual([
    { name: "a.png", type: "image/png", data: "////" },
    { name: "b.md", type: "text/markdown", data: "////" },
  ]);
  expect(fault).toContain("c.exe");
  expect(bytesOf(files)).toBe(6);
  expect(bytesOf((await attach([], [file("d.txt", "text/plain", 4)])).files)).toBe(4);
  expect(typeOf(file("x.svg", "image/svg+xml"))).toBeUndefined();
});

test("P5 only so many and so much", async () => {
  const many = await attach(
    [],
    Array.from({ length: 9 }, (_, i) => file(`${i}.txt`, "text/plain")),
  );
  expect(many.files).toHaveLength(attachmentBounds.files);
  expect(many.fault).toContain("At most 4");
  const large = await attach(
    [],
    [file("a.txt", "text/plain", attachmentBounds.bytes), file("b.txt", "text/plain")],
  );
  expect(large.files.map(({ name }) => name)).toEqual(["a.txt"]);
  expect(large.fault).toContain("b.txt is too large");
});

test("sizes for people", () => {
  expect([fileSize(7), fileSize(12_345), fileSize(2_340_000)]).toEqual(["7 B", "12 kB", "2.3 MB"]);
});
