import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { codes, closeCodes } from "@colloquy/protocol";
import { expect, test } from "vitest";
import { settingFacts } from "../packages/server/src/app/config/setting-facts.ts";

const root = path.resolve(import.meta.dirname, "..");
const read = (name: string): string => readFileSync(path.join(root, name), "utf8");
const pages = ["*.md", "docs/**/*.md", "bench/*.md"].flatMap((pattern) => globSync(pattern, { cwd: root }));

const said = (flag: boolean): string => (flag ? "yes" : "");

test("P12 PROTOCOL.md has every code with its sentence and what follows from it, and no other", () => {
  const rows = Object.entries(codes).map(
    ([code, { says, http, retry, reconnect, show }]) =>
      `| \`${code}\` | ${says} | ${http} | ${said(retry)} | ${said(reconnect)} | ${said(show)} |`,
  );
  const written = read("PROTOCOL.md").split("\n");
  expect(written.filter((line) => /^\| `[a-z_]+` \|.*\| \d{3} \|/.test(line))).toEqual(rows);
});

test("P12 PROTOCOL.md has every close code", () => {
  const written = [...read("PROTOCOL.md").matchAll(/^\| (\d{4}) \|/gm)].map((match) => Number(match[1]));
  expect(written).toEqual(Object.values(closeCodes));
});

test("docs/settings.md names every setting of the environment", () => {
  const readme = read("docs/settings.md");
  const names = Object.values(settingFacts).flatMap(({ env }) => env ?? []);
  expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test("what is to be read in one sitting is short", () => {
  expect(read("README.md").split("\n").length).toBeLessThan(120);
  expect(read("ARCHITECTURE.md").split("\n").length).toBeLessThan(200);
});

test.each(pages)("links of %s lead somewhere", (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]*)(#[^)]*)?\)/g)].map(
    (match) => match[1] ?? "",
  );
  const missing = links.filter(
    (link) => link !== "" && !existsSync(path.join(root, path.dirname(page), link)),
  );
  expect(missing).toEqual([]);
});

test.each(pages)("files that %s names exist", (page) => {
  const named = [...read(page).matchAll(/`([a-z-]+(?:\/[a-z-]+)*\/[a-z-]+\.(?:ts|mjs))`/g)].map(
    (match) => match[1],
  );
  const files = globSync("{packages,scripts,tests}/**/*.{ts,mjs}", {
    cwd: root,
    exclude: ["**/node_modules", "**/dist"],
  }).map((file) => `/${file.replaceAll("\\", "/")}`);
  const known = (name = ""): boolean =>
    files.some((file) => file.endsWith(`/${name}`) || file.replace("/src/", "/").endsWith(`/${name}`));
  expect(named.filter((name) => !known(name))).toEqual([]);
});
