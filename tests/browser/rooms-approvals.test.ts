import { expect, test } from "vitest";
import { createPuppet, type PuppetCall } from "../heart/puppet-model.ts";
import { isWhole } from "../heart/tool-kit.ts";
import { ownServer } from "../server/own-server.ts";
import { leapingClock } from "../stand-ins/leaping-clock.ts";
import { callPay, payTool } from "../stand-ins/pay.ts";
import { inBrowser } from "./in-browser.ts";
import { twoInRoom } from "./room-people.ts";
import { jwtSecret } from "./room-tab.ts";

const approvalSeconds = 3_600;

const startServer = async () => {
  const model = createPuppet();
  const { tool, paid } = payTool();
  const clock = leapingClock();
  const config = { jwtSecret, approvalSeconds, tools: { own: [tool] }, roomTools: ["pay"] };
  const { http } = await ownServer(model, { config, overrides: { clock } });
  return { model, paid, clock, url: `${http}/` };
};

/** What a model was told of its calls. */
const resultsIn = ({ request }: PuppetCall): readonly string[] =>
  request.messages.flatMap((message) => (message.role === "tool" ? [message.text] : []));

const orders = [
  ["ann", "bert", "carl"],
  ["bert", "carl", "ann"],
  ["carl", "ann", "bert"],
] as const;

inBrowser("calls that wait for an approval", (browser) => {
  test.each(orders)(
    "P10 one of three is denied, two are granted, from two devices: %s, %s, %s",
    async (...order) => {
      const { model, paid, url } = await startServer();
      const [ada, ben] = await twoInRoom(browser(), url);
      await ada.ask("Pay them all");
      const said = await model.asked();
      said.say("At once. ");
      callPay(said, "ann", "bert", "carl");
      for (const tab of [ada, ben]) for (const one of order) await tab.seesCall(one, "waits for approval");
      for (const [i, one] of order.entries()) {
        const [tab, other] = i % 2 === 0 ? [ben, ada] : [ada, ben];
        await tab.decide(one, one === "bert" ? "Deny" : "Approve");
        await other.seesCall(one, one === "bert" ? "denied by" : "approved by");
        if (i === 0) await ada.page.reload();
      }
      const resumed = await model.asked(1);
      expect(isWhole(resumed.request)).toBe(true);
      expect(resultsIn(resumed)).toEqual(["Paid ann.", expect.stringMatching(/denied/i), "Paid carl."]);
      resumed.say("Two were paid.");
      resumed.finish();
      for (const tab of [ada, ben]) {
        expect(await tab.copied()).toBe("At once. Two were paid.");
        await tab.seesCall("bert", `denied by ${order.indexOf("bert") % 2 === 0 ? "ben" : "ada"}`);
        expect(await tab.page.getByRole("button", { name: "Approve" }).count()).toBe(0);
        expect(tab.faults).toEqual([]);
      }
      expect(paid.toSorted()).toEqual(["ann", "carl"]);
    },
  );

  test("P10 what nobody decides in time is not run, and the turn goes on with what was decided", async () => {
    const { model, paid, clock, url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    await ada.ask("Pay them all");
    callPay(await model.asked(), "ann", "bert", "carl");
    await ben.decide("ann", "Approve");
    await ada.seesCall("ann", "approved by ben");
    await ada.decide("bert", "Deny");
    await ben.seesCall("bert", "denied by ada");
    clock.leap(approvalSeconds * 1_000);
    for (const tab of [ada, ben]) await tab.seesCall("carl", "nobody decided in time");
    const resumed = await model.asked(1);
    expect(isWhole(resumed.request)).toBe(true);
    resumed.say("One was paid.");
    resumed.finish();
    for (const tab of [ada, ben]) {
      await tab.sees("One was paid.");
      // How long it waited says nothing about how long it took.
      await tab.turns.locator(".meta", { hasText: /tokens/ }).waitFor();
      expect(await tab.turns.locator(".meta").textContent()).not.toMatch(/\bmin\b|\bh\b/);
      expect(await tab.page.locator(".call-line").allInnerTexts()).toEqual([
        'to: "ann"',
        'to: "bert"',
        'to: "carl"',
      ]);
      expect(await tab.page.getByRole("button", { name: "Approve" }).count()).toBe(0);
      expect(tab.faults).toEqual([]);
    }
    expect(paid).toEqual(["ann"]);
  });

  test("P8 P10 others are answered while one waits; decided, it goes on before those in line", async () => {
    const { model, paid, url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    await ada.ask("Pay ann");
    callPay(await model.asked(), "ann");
    await ben.seesCall("ann", "waits for approval");
    await ben.ask("What time is it?");
    const second = await model.asked(1);
    expect(isWhole(second.request)).toBe(true);
    expect(resultsIn(second)).toEqual([expect.stringMatching(/waiting for approval/i)]);
    second.say("Noon, ");
    await ada.sees("Noon,");
    await ada.ask("And the date?");
    await ben.turns.nth(2).getByText("Waiting for its turn").waitFor();
    await ben.decide("ann", "Approve");
    await ada.seesCall("ann", "approved by ben");
    expect(model.calls.length).toBe(2);
    second.say("still.");
    second.finish();
    const third = await model.asked(2);
    expect(third.request.turn).toBe(model.calls[0]?.request.turn);
    third.say("Paid.");
    third.finish();
    const fourth = await model.asked(3);
    fourth.say("The first.");
    fourth.finish();
    for (const tab of [ada, ben]) {
      await tab.sees("The first.");
      expect(await tab.turns.locator(".markdown").allInnerTexts()).toEqual([
        "Paid.",
        "Noon, still.",
        "The first.",
      ]);
      expect(tab.faults).toEqual([]);
    }
    expect(paid).toEqual(["ann"]);
  });

  test("P9 P10 another member stops a turn that waits: its calls are over, and nothing is run", async () => {
    const { model, paid, url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    await ada.ask("Pay ann");
    callPay(await model.asked(), "ann");
    await ben.seesCall("ann", "waits for approval");
    await ben.page.keyboard.press("Escape");
    for (const tab of [ada, ben]) {
      await tab.seesCall("ann", "stopped");
      await tab.sees("Stopped before the first word.");
      expect(await tab.page.getByRole("button", { name: "Approve" }).count()).toBe(0);
      expect(tab.faults).toEqual([]);
    }
    expect([model.calls.length, paid.length]).toEqual([1, 0]);
  });
});
