import { expect, test } from "vitest";
import { sampleAnswers } from "../../packages/console/src/markdown/sample-answers.ts";
import { openTab } from "./chat-tab.ts";
import { onStage } from "./stage.ts";

const sample = sampleAnswers[0] ?? "";

onStage("an answer on the page", {}, (stage) => {
  test("P2 P4 two people see the same answer grow, and the one who comes late sees all of it", async () => {
    const channel = stage().hub.channel("two");
    const ada = await openTab(await stage().person(), stage().url, "two");
    const ben = await openTab(await stage().person(), stage().url, "two");
    await ada.ask("Why?");
    await ben.page.getByText("Why?").first().waitFor();
    const prompt = channel.entries[0];
    const id = prompt?.kind === "prompt" ? prompt.id : "";
    channel.grow(id, "Because **it");
    await ada.sees("Because it");
    await ben.sees("Because it");
    const cleo = await openTab(await stage().person(), stage().url, "two");
    await cleo.sees("Because it");
    channel.reset(id, 8);
    channel.grow(id, "we can.");
    channel.end(id);
    for (const tab of [ada, ben, cleo]) {
      await tab.sees("Because we can.");
      // Read out once, at the end: the text itself grows in silence.
      const spoken = tab.page.getByRole("status").filter({ hasText: "The answer is complete." });
      await spoken.waitFor({ state: "attached" });
      expect(await tab.page.getByRole("log").getAttribute("aria-live")).toBe("off");
      await tab.page.locator('.turn[data-state="completed"]').waitFor();
      expect(tab.faults).toEqual([]);
    }
  });

  test("P8 a turn without a word yet is seen, also by those who come just now", async () => {
    const channel = stage().hub.channel("thinking");
    channel.prompt({ id: "a", text: "Think hard" });
    channel.prompt({ id: "b", text: "And then?" });
    const tab = await openTab(await stage().person(), stage().url, "thinking");
    await tab.answers.nth(0).filter({ hasText: "Thinking" }).waitFor();
    await tab.answers.nth(1).filter({ hasText: "Waiting for its turn" }).waitFor();
    expect(tab.faults).toEqual([]);
  });

  test("P4 at every step of its growth, what is seen is the beginning of what will be seen", async () => {
    const channel = stage().hub.channel("steps");
    channel.prompt({ id: "a", text: "All of it" });
    const tab = await openTab(await stage().person(), stage().url, "steps");
    await tab.sees("Thinking");
    const steps = await tab.page.evaluateHandle(() => {
      const seen: string[] = [];
      new MutationObserver(() => seen.push(document.querySelector(".markdown")?.textContent ?? "")).observe(
        document.querySelector(".answer") ?? document,
        { childList: true, characterData: true, subtree: true },
      );
      return seen;
    });
    for (let at = 0; at < sample.length; at += 7) {
      channel.grow("a", sample.slice(at, at + 7));
      // Let a frame pass now and then, so that the page shows many steps and not only the last.
      if (at % 3 === 0)
        await tab.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    }
    await tab.sees("[0, 1)");
    channel.end("a");
    await tab.page.locator('.turn[data-state="completed"]').waitFor();
    const seen = await steps.jsonValue();
    const whole = await tab.page.locator(".markdown").evaluate((markdown) => markdown.textContent);
    const bare = (text: string): string => text.replace(/\s+/g, "");
    expect(seen.length).toBeGreaterThan(30);
    expect(seen.filter((text) => !bare(whole).startsWith(bare(text)))).toEqual([]);
  });

  test("what is complete stays as it is while more comes", async () => {
    const channel = stage().hub.channel("still");
    channel.prompt({ id: "a", text: "Still" });
    channel.grow("a", "# One\n\nFirst *words*.\n\n```js\nlet a = 1;\n```\n\nSec");
    const tab = await openTab(await stage().person(), stage().url, "still");
    await tab.sees("Sec");
    const touches = await tab.page.evaluateHandle(() => {
      const touched: string[] = [];
      const blocks = [...(document.querySelector(".markdown")?.children ?? [])].slice(0, -1);
      const observer = new MutationObserver((records) => touched.push(...records.map(({ type }) => type)));
      for (const block of blocks) {
        observer.observe(block, { childList: true, characterData: true, attributes: true, subtree: true });
      }
      return { touched, blocks };
    });
    channel.grow("a", "ond words.\n\n- a\n- b\n\nThird");
    await tab.sees("Third");
    channel.end("a");
    await tab.page.locator('.turn[data-state="completed"]').waitFor();
    const found = await touches.evaluate(({ touched, blocks }) => ({
      touched,
      gone: blocks.filter((block) => !block.isConnected).length,
      blocks: blocks.length,
    }));
    expect(found).toEqual({ touched: [], gone: 0, blocks: 3 });
  });

  test("P4 a reload in the middle of an answer loses nothing", async () => {
    const channel = stage().hub.channel("reload");
    channel.prompt({ id: "a", text: "Go on" });
    channel.grow("a", "The first half, ");
    const tab = await openTab(await stage().person(), stage().url, "reload");
    await tab.sees("The first half,");
    await tab.page.reload();
    await tab.sees("The first half,");
    channel.grow("a", "and the second.");
    await tab.sees("The first half, and the second.");
    expect(tab.faults).toEqual([]);
  });

  test("P9 stopping keeps what was written, by the button and by Escape; trying again asks the same", async () => {
    const channel = stage().hub.channel("stop");
    const tab = await openTab(await stage().person(), stage().url, "stop");
    for (const way of ["button", "Escape"] as const) {
      await tab.ask(`Stop me by ${way}`);
      await expect.poll(() => channel.entries.at(-1)?.kind).toBe("prompt");
      const prompt = channel.entries.at(-1);
      channel.grow(prompt?.kind === "prompt" ? prompt.id : "", `Half of **${way}`);
      await tab.sees(`Half of ${way}`);
      if (way === "button") await tab.page.getByRole("button", { name: "Stop the answer" }).click();
      else await tab.page.keyboard.press("Escape");
      await tab.sees("Stopped. This is what had been written.");
      await tab.sees(`Half of ${way}`);
    }
    await tab.page.getByRole("button", { name: "Try again" }).last().click();
    await expect.poll(() => channel.entries.filter((entry) => entry.kind === "prompt").length).toBe(3);
    expect(channel.entries.at(-1)).toMatchObject({ kind: "prompt", text: "Stop me by Escape" });
    expect(tab.faults).toEqual([]);
  });

  test("P12 a turn that failed says why and keeps its text", async () => {
    const channel = stage().hub.channel("fail");
    channel.prompt({ id: "a", text: "Fail" });
    channel.grow("a", "So far");
    channel.end("a", "failed", "provider_cut_off");
    const tab = await openTab(await stage().person(), stage().url, "fail");
    await tab.sees("So far");
    await tab.sees("The connection to the model's provider broke.");
    expect(tab.faults).toEqual([]);
  });
});
