import { describe, expect, onTestFinished, test } from "vitest";
import { freshFolder, runProgram } from "../server/process.ts";
import { openTab } from "./chat-tab.ts";
import { chromiumPath, launchChromium, whySkipped } from "./chromium.ts";

const serve = async (
  folder: string,
  port: string,
): Promise<{ port: string; kill: () => Promise<unknown> }> => {
  const env = { DATA_DIR: folder, PORT: port, MODEL: "demo:guide" };
  const program = runProgram("packages/server/src/main.ts", ["serve"], env);
  const [, bound = ""] = await program.says(/ws:\/\/localhost:(\d+)\/ws/);
  return {
    port: bound,
    kill() {
      program.child.kill("SIGKILL");
      return program.ended;
    },
  };
};

describe.skipIf(chromiumPath === undefined)(`the page and the whole server${whySkipped}`, () => {
  test("P1 P3 P4 kill -9 in mid-answer: the page says so, comes back by itself, and nothing is lost", async () => {
    const folder = freshFolder();
    const first = await serve(folder, "0");
    const url = `http://localhost:${first.port}/`;
    const browser = await launchChromium();
    onTestFinished(() => browser.close());
    const ada = await openTab(await browser.newContext(), url, "story");
    const ben = await openTab(await browser.newContext(), url, "story");
    await ada.ask("Tell me a long story");
    await ben.sees("stood a lighthouse");
    const read = (tab: typeof ada): Promise<string> =>
      tab.page
        .locator(".markdown")
        .last()
        .evaluate((markdown) => markdown.textContent);
    await ada.sees("letter after letter");
    await first.kill();
    await ada.bar.waitFor();
    const had = [await read(ada), await read(ben)];

    await serve(folder, first.port);
    await ada.page.getByRole("button", { name: "Retry now" }).click();
    await ada.bar.waitFor({ state: "detached" });
    await ben.bar.waitFor({ state: "detached" });
    for (const [i, tab] of [ada, ben].entries()) {
      await tab.sees("It was a good service");
      expect((await read(tab)).startsWith(had[i] ?? "?")).toBe(true);
    }

    await ben.page.reload();
    await ben.sees("It was a good service");
    await ben.page.keyboard.press("Escape");
    for (const tab of [ada, ben]) {
      await tab.sees("Stopped. This is what had been written.");
      expect(tab.faults).toEqual([]);
    }
    expect(await read(ada)).toBe(await read(ben));
    await ada.page.getByRole("link", { name: /Tell me a long story/ }).waitFor();
  });
});
