import { expect, test } from "vitest";
import { sampleAnswers } from "../../packages/console/src/markdown/sample-answers.ts";
import { type ChatTab, openTab, overhang } from "./chat-tab.ts";
import { onStage } from "./stage.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const wide = "wide ".repeat(80);
const awkward = `${"x".repeat(400)}\n\n\`\`\`\n${wide}\n\`\`\`\n\n| ${"a header | ".repeat(12)}\n|${"---|".repeat(12)}\n| ${"cell | ".repeat(12)}\n\nhttps://example.org/${"path".repeat(60)}\n`;

const distanceToEnd = (tab: ChatTab): Promise<number> =>
  tab.page.locator(".turn-scroller").evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);

onStage("the page, day by day", {}, (stage) => {
  const fill = (name: string, turns: number): void => {
    const channel = stage().hub.channel(name);
    for (let i = 0; i < turns; i += 1) {
      channel.prompt({ id: `${name}${i}`, text: `Question ${i}` });
      channel.grow(`${name}${i}`, `Answer ${i}.\n\nWith a second paragraph.`);
      channel.end(`${name}${i}`);
    }
  };
  test("the reader at the end is taken along; who scrolled up is left in peace until they come back", async () => {
    fill("scroll", 12);
    const channel = stage().hub.channel("scroll");
    const tab = await openTab(await stage().person(), stage().url, "scroll");
    await tab.sees("Answer 11");
    await expect.poll(() => distanceToEnd(tab)).toBeLessThan(2);
    channel.prompt({ id: "more", text: "More" });
    channel.grow("more", "Line.\n\n".repeat(20));
    await expect.poll(() => tab.page.locator(".growing p").count()).toBe(20);
    await expect.poll(() => distanceToEnd(tab)).toBeLessThan(2);
    expect(await tab.page.getByRole("button", { name: "Newest" }).count()).toBe(0);

    await tab.page.locator(".turn-scroller").hover();
    await tab.page.mouse.wheel(0, -500);
    const newest = tab.page.getByRole("button", { name: "Newest" });
    await newest.waitFor();
    const place = await tab.page.locator(".turn-scroller").evaluate((box) => box.scrollTop);
    channel.grow("more", "Line.\n\n".repeat(20));
    await expect.poll(() => tab.page.locator(".growing p").count()).toBe(40);
    expect(await tab.page.locator(".turn-scroller").evaluate((box) => box.scrollTop)).toBe(place);
    await newest.click();
    await newest.waitFor({ state: "detached" });
    expect(await distanceToEnd(tab)).toBeLessThan(2);
  });

  test("older turns come when one scrolls up, and what is read stays where it is", async () => {
    fill("older", 60);
    const tab = await openTab(await stage().person(), stage().url, "older");
    await tab.sees("Answer 59");
    const before = await tab.page.locator(".turn").count();
    expect(before).toBeLessThan(60);
    const jumps = await tab.page.evaluate(async () => {
      const box = document.querySelector(".turn-scroller");
      const turn = document.querySelector(".turn:nth-of-type(3)");
      if (!box || !turn) return "nothing there";
      box.scrollTop = 200;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const place = turn.getBoundingClientRect().top;
      const places: number[] = [];
      const count = document.querySelectorAll(".turn").length;
      while (document.querySelectorAll(".turn").length === count) {
        await new Promise((resolve) => requestAnimationFrame(resolve));
        places.push(turn.getBoundingClientRect().top - place);
      }
      return places.filter((moved) => Math.abs(moved) > 1);
    });
    expect(jumps).toEqual([]);
    await expect.poll(() => tab.page.locator(".turn").count()).toBeGreaterThan(before);
  });

  test("a draft stays with its conversation, through reloads and from one to the other", async () => {
    const tab = await openTab(await stage().person(), stage().url, "draft");
    await tab.field.fill("half a thought");
    await tab.page.goto(`${stage().url}#/c/other`);
    await expect.poll(() => tab.field.inputValue()).toBe("");
    await tab.page.goto(`${stage().url}#/c/draft`);
    await tab.page.reload();
    await expect.poll(() => tab.field.inputValue()).toBe("half a thought");
  });

  test("an address without a conversation gets a new one, which a second tab can open", async () => {
    const person = await stage().person();
    const tab = await openTab(person, stage().url);
    await tab.page.waitForURL(/#\/c\/[0-9a-z]{24}$/);
    await tab.page.getByRole("button", { name: "What is Colloquy?" }).click();
    await tab.sees("Thinking");
    const other = await openTab(person, tab.page.url());
    await other.sees("Thinking");
    await tab.page
      .getByRole("link", { name: /^[0-9a-z]{24}/ })
      .first()
      .waitFor();
    expect([...tab.faults, ...other.faults]).toEqual([]);
  });

  test("an answer is copied as it was written, code without its fences", async () => {
    const channel = stage().hub.channel("copy");
    const source = "Some **bold** words:\n\n```js\nlet a = 1;\n\nlet b;\n```\n";
    channel.prompt({ id: "a", text: "Copy me" });
    channel.grow("a", source);
    channel.end("a");
    const person = await stage().person({ permissions: ["clipboard-read", "clipboard-write"] });
    const tab = await openTab(person, stage().url, "copy");
    const copied = (): Promise<string> => tab.page.evaluate(() => navigator.clipboard.readText());
    await tab.page.getByRole("button", { name: "Copy answer" }).click();
    await tab.page.getByRole("button", { name: "Copied" }).waitFor();
    expect(await copied()).toBe(source);
    await tab.page.getByRole("button", { name: "Copy code" }).click();
    await expect.poll(copied).toBe("let a = 1;\n\nlet b;");
  });

  test("everything can be done by keyboard", async () => {
    fill("keys", 1);
    const tab = await openTab(await stage().person(), stage().url, "keys");
    await tab.sees("Answer 0");
    await expect.poll(() => tab.field.evaluate((field) => field === document.activeElement)).toBe(true);
    await tab.page.keyboard.type("first line");
    await tab.page.keyboard.press("Shift+Enter");
    await tab.page.keyboard.type("second line");
    const tall = await tab.field.evaluate((field) => field.clientHeight);
    await tab.page.keyboard.press("Enter");
    await tab.sees("Thinking");
    expect(stage().hub.channel("keys").entries.at(-1)).toMatchObject({ text: "first line\nsecond line" });
    expect(await tab.field.evaluate((field) => field.clientHeight)).toBeLessThan(tall);
    const reached = new Map<string, boolean>();
    for (let i = 0; i < 25; i += 1) {
      await tab.page.keyboard.press("Tab");
      const [name, visible] = await tab.page.evaluate((): [string, boolean] => {
        const element = document.activeElement;
        if (!element || element === document.body) return ["", true];
        const outlined = getComputedStyle(element).outlineStyle !== "none";
        // A field without an outline of its own lights up the frame around it.
        const framed = element.closest(".composer-box, .search") !== null;
        return [element.getAttribute("aria-label") ?? element.textContent, outlined || framed];
      });
      reached.set(name, visible);
    }
    expect([...reached].filter(([, visible]) => !visible)).toEqual([]);
    for (const name of [
      "New conversation",
      "Search conversations",
      "Conversation",
      "Copy answer",
      "Message",
      "Stop the answer",
    ]) {
      expect([...reached.keys()]).toContain(name);
    }
    expect([...reached.keys()].some((name) => /Use (dark|light) colours/.test(name))).toBe(true);
  });

  test("on a phone nothing sticks out, the list is a drawer, and the field does not make the page zoom", async () => {
    const channel = stage().hub.channel("phone");
    channel.prompt({ id: "a", text: "y".repeat(500) });
    channel.grow("a", awkward + (sampleAnswers[0] ?? ""));
    channel.end("a");
    const tab = await openTab(await stage().person(phone), stage().url, "phone");
    await tab.sees("[0, 1)");
    expect(await overhang(tab.page)).toEqual([]);
    expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    expect(
      await tab.field.evaluate((field) => Number.parseFloat(getComputedStyle(field).fontSize)),
    ).toBeGreaterThanOrEqual(16);

    const list = tab.page.getByRole("navigation", { name: "Conversations" });
    expect(await list.isVisible()).toBe(false);
    await tab.page.getByRole("button", { name: "Conversations" }).click();
    await list.waitFor();
    await tab.page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    await tab.page.getByRole("button", { name: "Conversations" }).click();
    await list.getByRole("link").first().click();
    await list.waitFor({ state: "hidden" });
    expect(tab.faults).toEqual([]);
  });

  test("dark and light follow the system, and the choice of a person outlives a reload", async () => {
    const paper = (tab: ChatTab): Promise<string> =>
      tab.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await openTab(await stage().person({ colorScheme: "dark" }), stage().url, "theme");
    const light = await openTab(await stage().person({ colorScheme: "light" }), stage().url, "theme");
    const [night, day] = [await paper(dark), await paper(light)];
    expect(night).not.toBe(day);
    await dark.page.getByRole("button", { name: "Use light colours" }).click();
    expect(await paper(dark)).toBe(day);
    await dark.page.reload();
    expect(await paper(dark)).toBe(day);
    await dark.page.getByRole("button", { name: "Use dark colours" }).click();
    await light.page.emulateMedia({ colorScheme: "dark" });
    expect([await paper(dark), await paper(light)]).toEqual([night, night]);
  });
});
