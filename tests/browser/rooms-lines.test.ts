import { expect, onTestFinished, test } from "vitest";
import { createPuppet } from "../heart/puppet-model.ts";
import { ownServer } from "../server/own-server.ts";
import { layCable } from "../stand-ins/cable.ts";
import { inBrowser } from "./in-browser.ts";
import { twoInRoom } from "./room-people.ts";
import { enterRoom, jwtSecret, watchGrowth } from "./room-tab.ts";

/** What a careless hand would spoil: spaces, empty lines, letters of several code points, and one cut in two. */
const first = "One  two\n\n\tthree é e\u0301 👩‍👩‍👧 \uD83D";
const second = "\uDE00 & <b>four</b>\n\n\n   five &amp; six\n";
const third = "**seven** `eight`\u200B 九\u00A0十 ";

const startServer = async () => {
  const model = createPuppet();
  const { http, running } = await ownServer(model, { config: { jwtSecret } });
  return { model, url: `${http}/`, port: running.at.port };
};

inBrowser("rooms over lines that break", (browser) => {
  test("P4 P8 a reload and a second tab in mid-answer: all that was said is there, then the rest", async () => {
    const { model, url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    await ada.ask("Count");
    await ben.sees("Thinking");
    const said = await model.asked();
    await ben.page.reload();
    await ben.sees("Thinking");
    said.say(first);
    await ada.sees("three");
    await ada.page.reload();
    await ada.sees("three");
    said.say(second);
    await ada.sees("five");
    const tab = await enterRoom(browser(), url, "ada", { context: ada.context });
    await tab.sees("five");
    for (const one of [ada, ben, tab]) await one.sees("😀");
    said.say(third);
    said.finish();
    for (const one of [ada, ben, tab]) {
      expect(await one.copied()).toBe(first + second + third);
      expect(await one.turns.count()).toBe(1);
      expect(one.faults).toEqual([]);
    }
  });

  test("P4 a line that is cut in mid-answer, more than once: nothing is missing, nothing is there twice", async () => {
    const { model, url, port } = await startServer();
    const cable = await layCable(port);
    onTestFinished(() => cable.close());
    const [ada, ben] = await twoInRoom(browser(), url, { benUrl: `http://${cable.address}/` });
    await ada.ask("Count");
    const said = await model.asked();
    said.say(first);
    await ben.sees("three");
    const watched = await watchGrowth(ben);
    cable.port = undefined;
    cable.cut();
    await ben.bar.waitFor();
    said.say(second);
    await ada.sees("five");
    expect(await ben.answers.last().getByText("five").count()).toBe(0);
    cable.port = port;
    await ben.comeBack();
    await ben.sees("five");
    cable.cut();
    said.say(third);
    said.finish();
    for (const tab of [ada, ben]) {
      expect(await tab.copied()).toBe(first + second + third);
      expect(await tab.turns.count()).toBe(1);
      expect(tab.faults).toEqual([]);
    }
    expect(await watched()).toEqual([]);
  });

  test("P1 P6 what was asked while the line was down goes out once, also when it is cut again at once", async () => {
    const { model, url, port } = await startServer();
    const cable = await layCable(port);
    onTestFinished(() => cable.close());
    const [ada, ben] = await twoInRoom(browser(), url, { benUrl: `http://${cable.address}/` });
    cable.port = undefined;
    cable.cut();
    await ben.bar.waitFor();
    await ben.ask("Are you there?");
    await ben.sees("as soon as the connection is back");
    cable.port = port;
    await ada.turns.getByText("Are you there?").waitFor();
    cable.cut();
    const said = await model.asked();
    said.say("Yes.");
    said.finish();
    for (const tab of [ada, ben]) {
      await tab.sees("Yes.");
      await tab.page.reload();
      await tab.sees("Yes.");
      expect(await tab.turns.count()).toBe(1);
      expect(tab.faults).toEqual([]);
    }
    expect(model.calls.length).toBe(1);
  });
});
