import { expect, test } from "vitest";
import { beginContest, decideContest, replyToContest } from "../stand-ins/contest.ts";
import { openTab, overhang } from "./chat-tab.ts";
import { onStage } from "./stage.ts";

const narrow = { viewport: { width: 320, height: 640 } };

onStage("a prompt that was put before several models", {}, (stage) => {
  test("P8 it is said how many are being asked; P7 then who answered, and on a click what became of each", async () => {
    const channel = stage().hub.channel("seq:main");
    const tab = await openTab(await stage().person(narrow), stage().url, "seq:main");
    channel.prompt({ id: "m1", text: "2 + 2?" });
    beginContest(channel, "m1");
    await tab.sees("Asking 4 models…");
    decideContest(channel, "m1", "It is **4**.");
    const line = tab.page.locator(".contest summary");
    await line
      .filter({ hasText: "answered by sums in 12 ms · 4 asked · 2 stood down · 1 declined" })
      .waitFor();
    expect(await tab.page.locator(".contest ul").isVisible()).toBe(false);
    await line.click();
    expect(await tab.page.locator(".contest li").allInnerTexts()).toEqual([
      expect.stringMatching(/^sums\s+answered · 12 ms\s+arithmetic, with units$/),
      expect.stringMatching(/^time\s+declined · 2 ms\s/),
      expect.stringMatching(/^text\s+stood down\s/),
      expect.stringMatching(/^files\s+stood down\s/),
    ]);
    channel.note("m1", "late-reply", { model: "files", text: "**four**".repeat(60), ms: 1_840 });
    await tab.page.locator(".contest li", { hasText: "too late · 1.8 s" }).waitFor();
    expect(await tab.page.locator(".markdown").innerText()).toBe("It is 4.");
    expect(await overhang(tab.page)).toEqual([]);
    expect(tab.faults).toEqual([]);
  });

  test("replies that stand by themselves are shown under the names of their models", async () => {
    const channel = stage().hub.channel("seq:all");
    channel.prompt({ id: "m1", text: "What of it?" });
    beginContest(channel, "m1");
    replyToContest(channel, "m1", ["It is **4**.", "It has one word: `it`."]);
    const tab = await openTab(await stage().person(), stage().url, "seq:all");
    await tab.page.getByText("2 models replied in 31 ms · 4 asked · 2 declined").waitFor();
    expect(await tab.page.locator(".reply h3").allInnerTexts()).toEqual(["sums", "text"]);
    expect(await tab.page.locator(".reply strong, .reply code").allInnerTexts()).toEqual(["4", "it"]);
    expect(await tab.page.getByText("The answer was empty.").count()).toBe(0);
    expect(tab.faults).toEqual([]);
  });
});
