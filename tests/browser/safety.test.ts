import { expect, test } from "vitest";
import { openTab } from "./chat-tab.ts";
import { onStage } from "./stage.ts";

/** What an answer or a prompt might try. Each would set `hacked`, show a dialog, or call somewhere if it worked. */
const attacks = [
  "<script>hacked = 1; alert(1)</script>",
  '<img src=x onerror="hacked = 1; alert(1)">',
  "<svg onload=alert(1)><style>*{display:none}</style></svg>",
  '<iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">html link</a>',
  "[link](javascript:alert(1))",
  "[link](  JaVaScRiPt:alert(1) )",
  "[link](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
  "[link](&#106;avascript:alert(1))",
  "[link](vbscript:x)",
  "[ref]\n\n[ref]: javascript:alert(1)",
  "<javascript:alert(1)>",
  "![image](https://tracker.example/pixel.png)",
  "![image](javascript:alert(1))",
  "![][i]\n\n[i]: https://tracker.example/other.png",
  "```html\n<script>alert(1)</script>\n```",
  '```"><img src=x onerror=alert(1)>\ncode\n```',
  "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
  "<form action=https://tracker.example><input type=submit></form>",
  '<meta http-equiv=refresh content="0;url=https://tracker.example">',
  "\u202Eevil\u0000<b>",
];

onStage("what others write", {}, (stage) => {
  test("is never more than words: in answers, prompts, names and titles, whole or half", async () => {
    const channel = stage().hub.channel("<img src=x onerror=alert(1)>");
    for (const [i, attack] of attacks.entries()) {
      channel.prompt({ id: `p${i}`, text: attack, author: "<img src=x onerror=alert(1)>" });
      channel.grow(`p${i}`, `${attack}\n\n`);
      if (i % 3 !== 0)
        channel.end(
          `p${i}`,
          i % 3 === 1 ? "completed" : "failed",
          i % 3 === 1 ? undefined : "provider_failed",
        );
    }
    const tab = await openTab(await stage().person(), stage().url, "<img src=x onerror=alert(1)>");
    await tab.sees("evil");
    const found = await tab.page.evaluate(() => ({
      hacked: "hacked" in globalThis,
      elements: document.querySelectorAll(
        "#root :is(script, img, iframe, style, object, embed, form:not(.composer), svg:not(.icon), meta, input:not([type=search], [type=checkbox]))",
      ).length,
      handlers: [...document.querySelectorAll("#root *")].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith("on")),
      ),
      links: [...document.querySelectorAll<HTMLAnchorElement>(".markdown a")].map(
        ({ protocol, rel, target }) => ({ protocol, rel, target }),
      ),
    }));
    expect(found.hacked).toBe(false);
    expect(found.elements).toBe(0);
    expect(found.handlers).toEqual([]);
    expect(found.links.length).toBeGreaterThan(0);
    for (const link of found.links)
      expect(link).toEqual({ protocol: "https:", rel: "noopener noreferrer", target: "_blank" });
    for (const link of await tab.page.locator(".markdown a").all())
      expect(await link.getAttribute("href")).toMatch(/^https:/);
    expect(tab.faults).toEqual([]);
  });

  test("the strictest policy is enough: no inline script or style, nothing from elsewhere", async () => {
    const tab = await openTab(await stage().person(), stage().url, "policy");
    await tab.ask("Show me everything");
    const channel = stage().hub.channel("policy");
    await expect.poll(() => channel.entries.length).toBe(1);
    const prompt = channel.entries[0];
    const id = prompt?.kind === "prompt" ? prompt.id : "";
    channel.grow(id, "| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n```js\nlet a\n```\n\n- [x] done\n");
    channel.end(id);
    await tab.sees("done");
    await tab.page.getByRole("button", { name: "Copy code" }).click();
    await tab.page.getByRole("button", { name: /Use (dark|light) colours/ }).click();
    await tab.page.reload();
    await tab.sees("done");
    expect(tab.faults).toEqual([]);
  });
});
