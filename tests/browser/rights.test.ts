import type { Browser } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import type { Grants } from "../../packages/server/src/auth/principal.ts";
import { createPuppet } from "../heart/puppet-model.ts";
import { ownServer } from "../server/own-server.ts";
import { layCable } from "../stand-ins/cable.ts";
import { type ChatTab, openTab } from "./chat-tab.ts";
import { inBrowser } from "./in-browser.ts";
import { invite, peopleButton, roomInProgram, twoInRoom } from "./room-people.ts";
import { jwtSecret, tokenFor } from "./room-tab.ts";

const startServer = async () => {
  const model = createPuppet();
  const { http, running } = await ownServer(model, { config: { jwtSecret } });
  return { model, url: `${http}/`, port: running.at.port };
};

/** Somebody signs in on the page's first screen with a token that grants this. */
const signIn = async (
  browser: Browser,
  url: string,
  user: string,
  grants: Partial<Grants>,
): Promise<ChatTab> => {
  const context = await browser.newContext();
  context.setDefaultTimeout(20_000);
  onTestFinished(() => context.close());
  const tab = await openTab(context, url);
  const field = tab.page.getByLabel("Access token");
  await field.fill(await tokenFor(user, grants));
  await field.press("Enter");
  await tab.page.locator(".pane").waitFor();
  return tab;
};

inBrowser("what one may do on the page", (browser) => {
  test("P6 P11 what was asked in a room that one is put out of is not sent days later, and its words are kept", async () => {
    const { model, url, port } = await startServer();
    const cable = await layCable(port);
    onTestFinished(() => cable.close());
    const [ada, ben] = await twoInRoom(browser(), url, { benUrl: `http://${cable.address}/` });
    await ada.ask("Who is here?");
    const said = await model.asked();
    said.say("The two of you.");
    said.finish();
    await ben.sees("The two of you.");
    cable.port = undefined;
    cable.cut();
    await ben.bar.waitFor();
    await ben.ask("Is anybody there?");
    await ben.sees("Not sent yet");
    await (await roomInProgram(url, "ada")).invite("ben");
    cable.port = port;
    await ben.comeBack();
    await ben.page.getByText("You are not allowed into this room.").waitFor();
    expect([await ben.turns.count(), await ben.field.count()]).toEqual([1, 0]);
    await ben.page.reload();
    const again = ben.page.getByRole("button", { name: "Try again" });
    await again.waitFor();
    await invite(ada, "ben", "writer");
    await again.click();
    await expect.poll(() => ben.field.inputValue()).toBe("Is anybody there?");
    await peopleButton(ada).filter({ hasText: "2" }).waitFor();
    expect(await ada.turns.count()).toBe(1);
    expect(model.calls.length).toBe(1);
    expect([...ada.faults, ...ben.faults]).toEqual([]);
  });

  test("P11 who may do little on channels is offered what they may, from the first screen on", async () => {
    const { model, url } = await startServer();
    const dana = await signIn(browser(), url, "dana", { read: ["lobby", "team-*"], prompt: ["team-*"] });
    await dana.page.getByText("You are not allowed to read this conversation.").waitFor();
    const begin = dana.page.getByRole("button", { name: "New conversation" });
    expect([await begin.count(), await dana.field.count()]).toEqual([0, 0]);
    await dana.page.getByRole("link", { name: "lobby" }).click();
    await dana.page.getByText("Nothing has been asked here yet.").waitFor();
    await dana.page.getByText("You may read here.").waitFor();
    await dana.page.goto("about:blank");
    await dana.page.goto(url);
    await dana.page.waitForURL(/#\/c\/lobby$/);

    await dana.page.goto(`${url}#/c/team-7`);
    await dana.ask("May I?");
    const said = await model.asked();
    said.say("Yes.");
    await dana.sees("Yes.");
    const eve = await signIn(browser(), url, "eve", { read: ["*"] });
    await eve.page.goto(`${url}#/c/team-7`);
    await eve.sees("Yes.");
    await eve.page.getByText("You may read here.").waitFor();
    const stop = { name: "Stop the answer" };
    expect(await eve.page.getByRole("button", stop).count()).toBe(0);
    await dana.page.getByRole("button", stop).click();
    await eve.sees("Stopped. This is what had been written.");
    await dana.page.getByRole("button", { name: "Try again" }).waitFor();
    expect(await eve.page.getByRole("button", { name: "Try again" }).count()).toBe(0);
    expect([...dana.faults, ...eve.faults]).toEqual([]);
  });

  test("a conversation that begins in one tab is listed in another at once", async () => {
    const { model, url } = await startServer();
    const tab = await signIn(browser(), url, "ada", { read: ["*"], prompt: ["*"] });
    const token = await tokenFor("ada", { read: ["*"], prompt: ["*"] });
    const other = await openTab(tab.page.context(), url);
    await other.page.getByLabel("Access token").fill(token);
    await other.page.getByLabel("Access token").press("Enter");
    await other.page.getByText("What you ask will be kept here.").waitFor();
    await tab.ask("Who looks?");
    const link = other.page.getByRole("link", { name: /^Who looks\?/ });
    await link.waitFor({ timeout: 15_000 });
    (await model.asked()).finish();
    expect([...tab.faults, ...other.faults]).toEqual([]);
  });
});
