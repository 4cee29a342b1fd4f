import { expect, test } from "vitest";
import { collectDefinitions, definitionsFor, knownDefinitions } from "./definitions.ts";

const source =
  'Text\n\n[The  Docs]: https://example.org "Title"\n  [b]: <https://example.org/b>\n    [code]: no\n';

test("link definitions are found, with labels as Markdown compares them", () => {
  expect(collectDefinitions(source)).toEqual([
    { label: "the docs", line: '[The  Docs]: https://example.org "Title"' },
    { label: "b", line: "[b]: <https://example.org/b>" },
  ]);
  expect(collectDefinitions("nothing [here](x)")).toEqual([]);
});

test("a block is given the definitions that it refers to, and only those", () => {
  const known = collectDefinitions(source);
  expect(definitionsFor("see [this][the docs]", known)).toContain("[The  Docs]: https://example.org");
  expect(definitionsFor("see [this][the docs]", known)).not.toContain("[b]");
  expect(definitionsFor("see [B]", known)).toContain("[b]:");
  expect(definitionsFor("nothing here", known)).toBe("");
  expect(definitionsFor("[other]", known)).toBe("");
});

test("a definition counts once it is complete", () => {
  const blocks = [
    { definitions: collectDefinitions("[a]: x") },
    { definitions: collectDefinitions("[b]: y") },
  ];
  expect(knownDefinitions(blocks, true).map(({ label }) => label)).toEqual(["a"]);
  expect(knownDefinitions(blocks, false).map(({ label }) => label)).toEqual(["a", "b"]);
});
