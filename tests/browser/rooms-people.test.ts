import { expect, test } from "vitest";
import { createPuppet } from "../heart/puppet-model.ts";
import { ownServer } from "../server/own-server.ts";
import { inBrowser } from "./in-browser.ts";
import { invite, peopleButton, roomInProgram, twoInRoom } from "./room-people.ts";
import { enterRoom, jwtSecret, watchGrowth } from "./room-tab.ts";

const startServer = async () => {
  const model = createPuppet();
  const { http } = await ownServer(model, { config: { jwtSecret } });
  return { model, url: `${http}/` };
};

inBrowser("people in a room", (browser) => {
  test("P11 a room is its maker's until somebody is invited, who then sees the whole of it", async () => {
    const { model, url } = await startServer();
    const ada = await enterRoom(browser(), url, "ada");
    await ada.ask("Who is here?");
    const said = await model.asked();
    said.say("You alone.");
    said.finish();
    await ada.sees("You alone.");
    const ben = await enterRoom(browser(), url, "ben");
    await ben.page.getByText("You are not allowed into this room.").waitFor();
    expect(await ben.page.getByText("Who is here?").count()).toBe(0);
    expect(await ben.field.count()).toBe(0);
    const again = ben.page.getByRole("button", { name: "Try again" });
    await again.press("Enter");
    await expect.poll(() => again.evaluate((button) => button === document.activeElement)).toBe(true);
    await invite(ada, "ben", "writer");
    await again.click();
    await ben.sees("You alone.");
    await ben.turns.locator(".author", { hasText: "ada" }).waitFor();
    expect([...ada.faults, ...ben.faults]).toEqual([]);
  });

  test("presence and typing: who comes, types and leaves is seen by the others", async () => {
    const { url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    await peopleButton(ada).click();
    const here = ada.page.locator(".people li[data-here] .person-name");
    await expect.poll(() => here.allInnerTexts()).toEqual(["ada", "ben"]);
    const second = await enterRoom(browser(), url, "ben", { context: ben.context });
    await peopleButton(second).filter({ hasText: "2" }).waitFor();
    await ben.field.pressSequentially("What about");
    await ada.page.getByText("ben is typing…").waitFor();
    await ben.page.close();
    await second.field.pressSequentially("lunch?");
    await ada.page.getByText("ben is typing…").waitFor();
    expect(await here.allInnerTexts()).toEqual(["ada", "ben"]);
    await second.page.close();
    await peopleButton(ada).filter({ hasText: "1" }).waitFor();
    expect(await here.allInnerTexts()).toEqual(["ada"]);
    const people = ada.page.locator(".people li");
    await people.filter({ hasText: "ada" }).filter({ hasText: "you · owner" }).waitFor();
    await people.filter({ hasText: "ben" }).filter({ hasText: "not here" }).waitFor();
    expect([...ada.faults, ...ben.faults]).toEqual([]);
  });

  test("P2 P4 P8 two people ask, each sees who did, and both see the same answers grow", async () => {
    const { model, url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    await ada.ask("Why?");
    await ben.turns.locator(".author", { hasText: "ada" }).waitFor();
    await ben.sees("Thinking");
    await ben.ask("And how?");
    await ada.turns.locator(".author", { hasText: "ben" }).waitFor();
    await ada.sees("Waiting for its turn");
    const watched = [await watchGrowth(ada), await watchGrowth(ben)];
    for (const [n, words] of [
      ["Because ", "it is", " so."],
      ["Like ", "this, ", "and that."],
    ].entries()) {
      const said = await model.asked(n);
      let text = "";
      for (const word of words) {
        said.say(word);
        text += word;
        for (const tab of [ada, ben]) await tab.answers.nth(n).filter({ hasText: text.trim() }).waitFor();
      }
      said.finish();
    }
    for (const tab of [ada, ben]) {
      await tab.turns.locator("nth=1").and(tab.page.locator("[data-state=completed]")).waitFor();
      expect(await tab.turns.locator(".prompt-text").allInnerTexts()).toEqual(["Why?", "And how?"]);
      expect(await tab.turns.locator(".markdown").allInnerTexts()).toEqual([
        "Because it is so.",
        "Like this, and that.",
      ]);
      expect(tab.faults).toEqual([]);
    }
    for (const faults of watched) expect(await faults()).toEqual([]);
  });

  test("P11 P12 a reader sees all and can neither ask nor invite", async () => {
    const { model, url } = await startServer();
    const ada = await enterRoom(browser(), url, "ada");
    await peopleButton(ada).filter({ hasText: "1" }).waitFor();
    await invite(ada, "cara", "reader");
    const cara = await enterRoom(browser(), url, "cara");
    await peopleButton(cara).filter({ hasText: "2" }).waitFor();
    await ada.ask("Why?");
    const said = await model.asked();
    said.say("Because");
    await cara.sees("Because");
    await cara.page.getByText("You may read here.").waitFor();
    expect(await cara.field.count()).toBe(0);
    expect(await cara.page.getByRole("button", { name: "Stop the answer" }).count()).toBe(0);
    await cara.page.keyboard.press("Escape");
    const program = await roomInProgram(url, "cara");
    await expect(program.prompt("May I?")).rejects.toMatchObject({ code: "not_allowed" });
    await expect(program.cancel()).rejects.toMatchObject({ code: "not_allowed" });
    await peopleButton(cara).click();
    await cara.page.getByRole("region", { name: "People of this room" }).waitFor();
    expect(await cara.page.getByLabel("User id to invite").count()).toBe(0);
    said.finish();
    await ada.page.locator('.turn[data-state="completed"]').waitFor();
    expect(await ada.turns.count()).toBe(1);
    expect(model.calls.length).toBe(1);
    expect([...ada.faults, ...cara.faults]).toEqual([]);
  });

  test("P11 who is made a reader is one at once, on the page that is open", async () => {
    const { url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    const picker = ben.page.getByLabel("Model", { exact: true });
    const files = ben.page.getByLabel("Files", { exact: true });
    expect([await files.count(), await picker.isEnabled()]).toEqual([1, false]);
    await invite(ada, "ben", "reader");
    await expect.poll(() => files.count()).toBe(0);
    await ben.page.getByText("You may read here.").waitFor();
    const program = await roomInProgram(url, "ben");
    await expect(program.prompt("May I?")).rejects.toMatchObject({ code: "not_allowed" });
    await invite(ada, "ben", "writer");
    await expect.poll(() => files.count()).toBe(1);
    await ben.page.getByText("You and ada see the same answer grow").waitFor();
    expect([...ada.faults, ...ben.faults]).toEqual([]);
  });

  test("P9 a member stops another's answer from a device of their own; both keep what was written", async () => {
    const { model, url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    await ada.ask("Go on and on");
    const said = await model.asked();
    said.say("On and on");
    await ben.sees("On and on");
    await ben.page.getByRole("button", { name: "Stop the answer" }).click();
    for (const tab of [ada, ben]) {
      await tab.sees("Stopped. This is what had been written.");
      expect(await tab.copied()).toBe("On and on");
      expect(tab.faults).toEqual([]);
    }
    expect(said.signal.aborted).toBe(true);
  });
});
