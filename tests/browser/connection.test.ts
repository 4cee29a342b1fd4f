import { expect, test } from "vitest";
import { openTab } from "./chat-tab.ts";
import { onStage } from "./stage.ts";

onStage("the page and its connection", {}, (stage) => {
  test("P4 a lost connection is told, tried again, and nothing is lost by it", async () => {
    const channel = stage().hub.channel("lost");
    channel.prompt({ id: "a", text: "Go on" });
    channel.grow("a", "Before, ");
    const tab = await openTab(await stage().person(), stage().url, "lost");
    await tab.sees("Before,");
    expect(await tab.bar.count()).toBe(0);
    stage().hub.admit = false;
    stage().hub.cut();
    // A wait that has grown, so that the page does not come back by itself under our finger.
    await tab.bar.filter({ hasText: /Connection lost\. Trying again in ([3-9]|\d\d) s/ }).waitFor();
    channel.grow("a", "meanwhile, ");
    stage().hub.admit = true;
    await tab.page.getByRole("button", { name: "Retry now" }).click();
    await tab.bar.waitFor({ state: "detached" });
    await tab.sees("Before, meanwhile,");
    channel.grow("a", "after.");
    channel.end("a");
    await tab.sees("Before, meanwhile, after.");
    expect(tab.faults).toEqual([]);
  });

  test("P6 what was asked without a connection goes out once, even after a reload", async () => {
    const channel = stage().hub.channel("unsent");
    const tab = await openTab(await stage().person(), stage().url, "unsent");
    await tab.page.locator(".empty-state").waitFor();
    stage().hub.admit = false;
    stage().hub.cut();
    await tab.bar.waitFor();
    await tab.ask("Are you there?");
    await tab.sees("as soon as the connection is back");
    await tab.page.reload();
    await tab.sees("Not sent yet");
    stage().hub.admit = true;
    await expect.poll(() => channel.entries.length, { timeout: 25_000 }).toBe(1);
    await tab.page.reload();
    await tab.sees("Thinking");
    expect(channel.entries.map((entry) => entry.kind === "prompt" && entry.text)).toEqual(["Are you there?"]);
  });

  test("P12 a conversation that may not be read says so", async () => {
    stage().hub.refusals.set("subscribe", "not_allowed");
    const tab = await openTab(await stage().person(), stage().url, "closed");
    await tab.page.getByText("You are not allowed to read this conversation.").waitFor();
    expect(await tab.page.locator(".empty-state").count()).toBe(0);
  });
});

onStage("signing in", { tokens: ["good"] }, (stage) => {
  test("P11 a server that wants to know who is there is given a token, which lives as long as the tab", async () => {
    const person = await stage().person();
    const tab = await openTab(person, stage().url, "private");
    const token = tab.page.getByLabel("Access token");
    await tab.page.getByText("colloquy -- token").waitFor();
    await token.fill("bad");
    await token.press("Enter");
    await tab.page.getByRole("alert").filter({ hasText: "not accepted" }).waitFor();
    await token.fill("good");
    await token.press("Enter");
    await tab.page.locator(".empty-state").waitFor();
    await tab.page.reload();
    await tab.page.locator(".empty-state").waitFor();
    const other = await openTab(person, stage().url, "private");
    await other.page.getByLabel("Access token").waitFor();
    await tab.page.getByRole("button", { name: "Sign out" }).click();
    await token.waitFor();
    expect([...tab.faults, ...other.faults]).toEqual([]);
  });
});
