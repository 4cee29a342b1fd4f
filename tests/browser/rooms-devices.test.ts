import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { calls, createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { ownServer } from "../server/own-server.ts";
import { tool } from "../heart/tool-kit.ts";
import { overhang } from "./chat-tab.ts";
import { inBrowser } from "./in-browser.ts";
import { invite, peopleButton } from "./room-people.ts";
import { enterRoom, jwtSecret } from "./room-tab.ts";
import { openHouse } from "./rooms-stage.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;
/** One red pixel. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==";

inBrowser("a room on every device", (browser) => {
  test("a new room is listed with its first message, and is the same one until then", async () => {
    const house = await openHouse(browser(), createScriptedModel(["Yes."]));
    const ann = await house.enter("ann", "lunch");
    const { page } = ann;
    const fresh = page.getByRole("button", { name: "New room" });
    await fresh.click();
    await page.waitForURL(/#\/r\/[0-9a-z]{24}$/);
    const address = page.url();
    await page.goto(`${house.url}#/r/lunch`);
    await fresh.click();
    expect(page.url()).toBe(address);
    await page.reload();
    const other = await house.enter("ann", "lunch");
    const listed = other.page.locator(".conversation-list li");
    await listed.first().waitFor();
    expect(await listed.count()).toBe(1);

    await page.locator('.pane[data-phase="live"]').waitFor();
    await ann.ask("Is this a room?");
    await ann.sees("Yes.");
    await page.locator(".conversation-list").getByText("Is this a room?").waitFor();
    await fresh.click();
    expect(page.url()).not.toBe(address);
    await page.locator('.pane[data-phase="live"]').waitFor();
    await page.reload();
    await page.locator(".conversation-list li").nth(1).waitFor();
    expect(await page.locator(".conversation-list li").count()).toBe(2);
    expect([...ann.faults, ...other.faults]).toEqual([]);
  });

  test("members, roles, the model and what is asked before tools are true on all devices at once", async () => {
    const ids = ["demo:scripted", "demo:echo"];
    const { http } = await ownServer(createScriptedModel(["Yes."]), {
      config: { jwtSecret, roomModels: ids },
    });
    const url = `${http}/`;
    const desk = await enterRoom(browser(), url, "ann");
    const mobile = await enterRoom(browser(), url, "ann", phone);
    await invite(desk, "bob", "writer");
    const bob = await enterRoom(browser(), url, "bob");
    for (const tab of [mobile, bob]) await peopleButton(tab).click();
    const members = (tab: typeof bob) => tab.page.locator(".people li");
    await members(bob).filter({ hasText: "ann" }).filter({ hasText: "owner" }).waitFor();
    expect(await bob.page.getByLabel("Ask before every tool").count()).toBe(0);
    expect(await bob.page.getByLabel("Model", { exact: true }).isDisabled()).toBe(true);

    await peopleButton(desk).click();
    await desk.page.getByLabel("Ask before every tool").check();
    await mobile.page.locator(".ask-first input:checked").waitFor();
    await desk.page.getByLabel("Model", { exact: true }).selectOption("demo:echo");
    for (const tab of [mobile, bob])
      await expect.poll(() => tab.page.getByLabel("Model", { exact: true }).inputValue()).toBe("demo:echo");
    await peopleButton(desk).click();
    await invite(desk, "cara", "reader");
    for (const tab of [mobile, bob])
      await members(tab).filter({ hasText: "cara" }).filter({ hasText: "reads · not here" }).waitFor();
    expect(await overhang(mobile.page)).toEqual([]);
    expect([...desk.faults, ...mobile.faults, ...bob.faults]).toEqual([]);
  });

  test("others see an image that was attached, once they look; and who comes back to it later", async () => {
    const model = createScriptedModel(["I see it."], { files: ["image/*"] });
    const house = await openHouse(browser(), model);
    const ann = await house.enter("ann", "lunch");
    await invite(ann, "bob", "writer");
    const bob = await house.enter("bob", "lunch", phone);
    await ann.page
      .locator('input[type="file"]')
      .setInputFiles([{ name: "red.png", mimeType: "image/png", buffer: Buffer.from(pixel, "base64") }]);
    await ann.ask("What is this?");
    await bob.sees("I see it.");
    const picture = bob.page.getByRole("img", { name: "red.png" });
    await picture.waitFor();
    expect(await picture.getAttribute("src")).toBe(`data:image/png;base64,${pixel}`);
    await bob.page.reload();
    await picture.waitFor();
    expect(await overhang(bob.page)).toEqual([]);
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });

  test("what was thought is folded, the seconds are the same from history, and earlier turns come whole", async () => {
    const model = createScriptedModel((_request, call) =>
      call === 1
        ? [{ type: "reasoning", text: "Let me see." }, "Looking.", calls("look")]
        : call === 2
          ? [" It is there."]
          : [`Answer ${call}.`],
    );
    const house = await openHouse(browser(), model, [tool("look")]);
    const ann = await house.enter("ann", "lunch");
    await ann.ask("Where is it?");
    await ann.sees("It is there.");
    await ann.page.getByText("Thoughts").click();
    await ann.page.getByText("Let me see.").waitFor();
    const seconds = /\d+(?:\.\d)? s/;
    const said = await ann.turns.first().locator(".meta").textContent();
    for (let n = 3; n < 33; n += 1) {
      await ann.ask(`Question ${n}`);
      await ann.sees(`Answer ${n}.`);
    }
    await ann.page.reload();
    await ann.sees("Answer 32.");
    expect(await ann.turns.getByText("Where is it?").count()).toBe(0);
    const first = ann.turns.first();
    const scroller = ann.page.locator(".turn-scroller");
    await expect
      .poll(async () => {
        await scroller.evaluate((box) => {
          box.scrollTop = 0;
        });
        return first.locator(".prompt-text").textContent();
      })
      .toBe("Where is it?");
    expect(seconds.exec((await first.locator(".meta").textContent()) ?? "")?.[0]).toBe(
      seconds.exec(said ?? "")?.[0],
    );
    expect(await first.locator(".markdown").allTextContents()).toEqual(["Looking.", "It is there."]);
    expect(await first.locator(".reasoning").count()).toBe(1);
    await ann.page.getByRole("button", { name: "Frames on the wire" }).click();
    const frames = ann.page.getByRole("complementary", { name: "Frames on the wire" });
    await frames.getByText("join_room", { exact: true }).waitFor();
    await frames.getByText("history", { exact: true }).first().waitFor();
    expect(await frames.textContent()).not.toContain("eyJ");
    expect(ann.faults).toEqual([]);
  });
});
