import { describe, expect, onTestFinished, test } from "vitest";
import { freshFolder, runProgram } from "../server/process.ts";
import { openTab, overhang } from "./chat-tab.ts";
import { chromiumPath, launchChromium, whySkipped } from "./chromium.ts";

describe.skipIf(chromiumPath === undefined)(`the team on the page${whySkipped}`, () => {
  test("P7 a newcomer sees a race over the real wire: who was asked, who answered, in what time", async () => {
    const program = runProgram("packages/server/src/main.ts", ["serve"], {
      DATA_DIR: freshFolder(),
      PORT: "0",
    });
    const [, url = ""] = await program.says(/(http:\/\/localhost:\d+\/)#\/c\/team/);
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
    const tab = await openTab(await browser.newContext(phone), url, "team");
    await tab.page.getByRole("button", { name: "What is 15% of 80?" }).click();
    await tab.sees("(15 / 100) * 80 = 12");
    const line = tab.page.locator(".contest summary").last();
    await line.filter({ hasText: /answered by arithmetic in .+ · 4 asked/ }).waitFor();
    await line.click();
    const rows = tab.page.locator(".contest li");
    expect(
      (await rows.locator(".contest-model").allInnerTexts()).toSorted((a, b) => (a < b ? -1 : 1)),
    ).toEqual(["arithmetic", "files", "text", "time"]);
    await rows
      .filter({ hasText: /^arithmetic/ })
      .filter({ hasText: /port \d+/ })
      .waitFor();

    await tab.ask("write me a poem");
    await tab.sees("None of the team took this one");
    expect(await overhang(tab.page)).toEqual([]);
    expect(tab.faults).toEqual([]);
  });
});
