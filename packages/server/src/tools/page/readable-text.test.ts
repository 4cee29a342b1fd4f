import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeEntities } from "./entities.ts";
import { readableText } from "./readable-text.ts";

const base = new URL("https://example.com/docs/a");
const text = async (html: string): Promise<string> => (await readableText(html, base)).text;

test("a page is read with its title, headings, lists and links; scripts, styles and menus are not", async () => {
  const html = `<!doctype html><html><head><title> The  page &amp; more </title><style>p{color:red}</style>
    <script>if (a < b) document.write("<p>no</p>")</script></head>
    <body><nav><ul><li><a href="/">Home</a></li></ul><nav>in</nav></nav>
    <h1>Head<b>ing</b></h1><p>One   two
    three<br>four</p><ul><li>first</li><li>a <a href="../b?c=1&amp;d=2">link  to
    b</a>.</ul><table><tr><td>1<td>2</tr></table><!-- <p>gone</p> -->
    <noscript>no</noscript><svg><title>icon</title><text>x</text></svg><p><img alt="A cat" src=x></p></body></html>`;
  expect(await readableText(html, base)).toEqual({
    cut: false,
    title: "The page & more",
    text: [
      "# Heading",
      "",
      "One two three",
      "four",
      "",
      "- first",
      "- a [link to b](https://example.com/b?c=1&d=2).",
      "",
      "| 1 | 2",
      "",
      "[image: A cat]",
    ].join("\n"),
  });
});

test.each([
  ["unclosed tags", "<p>a<p>b<div>c", "a\n\nb\n\nc"],
  ["a lone <", "1 < 2 and 3 <4", "1 < 2 and 3 <4"],
  ["> within quotes", `<a title="a>b" href='/x'>t</a>u`, "[t](https://example.com/x)u"],
  ["a quote that is a slip", `<p class=a"b>text`, "text"],
  ["a tag without end", "text <p class=", "text"],
  ["a comment without end", "text <!-- more", "text"],
  ["a script without end", "text <script> more", "text"],
  ["a script that names its own end", `a<script>"</scripty>"</SCRIPT >b`, "ab"],
  ["links that lead nowhere", `<a href="javascript:alert(1)">a</a> <a href="#b">b</a> <a>c</a>`, "a b c"],
  [
    "a link in a link",
    `<a href="/a">a<a href="/b">b`,
    "[a](https://example.com/a)[b](https://example.com/b)",
  ],
  [
    "a block within a link",
    `<a href="/a"><h2>Big</h2><p>small</p></a>`,
    "[Big small](https://example.com/a)",
  ],
  ["preformatted text", "<pre>a\n  b</pre>c", "a\n  b\n\nc"],
  ["space around inline tags", "a <b>b</b> c<i> d</i>e", "a b c d e".replace("d e", "de")],
  ["nothing", "", ""],
])("%s", async (_what, html, expected) => {
  expect(await text(html)).toBe(expected);
});

test.each([
  ["&lt;b&gt; &amp;amp; &quot;&#39;&#x27;", `<b> &amp; "''`],
  ["&eacute;&Uuml;&ccedil;&ntilde;&szlig;&aring;", "éÜçñßå"],
  ["&#8364;&#x20AC;&euro;&#128;", "€€€€"],
  ["&#0;&#xD800;&#x110000;", "\ufffd\ufffd\ufffd"],
  ["&nosuch; &amp &;", "&nosuch; &amp &;"],
  ["&constructor; &toString;", "&constructor; &toString;"],
])("entities: %s", (html, expected) => expect(decodeEntities(html)).toBe(expected));

test("whatever a page holds, reading it ends", async () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "<",
      ">",
      "</",
      "<!--",
      "-->",
      '"',
      "'",
      "=",
      "/",
      "<a href=",
      "</a>",
      "<pre>",
      "<nav>",
      "</nav>",
      "&",
    ),
    fc.constantFrom("<script>x</script>", "<style>x</style>", "<title>", "</title>", "<li>", "<p>"),
    fc.string({ maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const read = await readableText(pieces.join(""), base);
      expect(typeof read.text).toBe("string");
    }),
    { numRuns: 500, verbose: true },
  );
});

test.each([
  ["opened tags", "<a href='x"],
  ["quotes", `<p a="`],
  ["comments", "<!--"],
  ["scripts", "<script>"],
  ["less-than signs", "<"],
  ["nested lists", "<ul><li>"],
  ["links", "<a href=/x>y"],
  ["spaces", "<p>      "],
])("P5 of a megabyte of %s no more is made than can be used", async (_what, piece) => {
  const read = await readableText(piece.repeat(Math.ceil(2 ** 20 / piece.length)), base);
  expect(read.text.length).toBeLessThan(129 * 1024);
});
