import { expect, test } from "vitest";
import { calls, createScriptedModel } from "../../packages/server/src/models/scripted-model.ts";
import { careful, tool } from "../heart/tool-kit.ts";
import { overhang } from "./chat-tab.ts";
import { inBrowser } from "./in-browser.ts";
import { invite } from "./room-people.ts";
import { openHouse } from "./rooms-stage.ts";

const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;

inBrowser("rooms on the page", (browser) => {
  test("two people in two browsers see who is there, who types, who asked, and the same answer", async () => {
    const gate = Promise.withResolvers<void>();
    const house = await openHouse(
      browser(),
      createScriptedModel(["It is ", { type: "until", opened: gate.promise }, "noon."]),
    );
    const ann = await house.enter("ann", "lunch");
    await invite(ann, "bob", "writer");
    const bob = await house.enter("bob", "lunch", phone);
    await ann.page.getByRole("button", { name: "2 here; people of this room" }).waitFor();
    await bob.field.pressSequentially("What time is it?");
    await ann.page.getByText("bob is typing…").waitFor();
    await bob.field.press("Enter");
    await ann.sees("It is");
    expect(await ann.page.locator(".prompt .author").allTextContents()).toEqual(["bob"]);
    gate.resolve();
    await ann.sees("It is noon.");
    await bob.sees("It is noon.");
    await ann.page.getByText(/demo:scripted · .*tokens · .* s/).waitFor();
    expect(await overhang(bob.page)).toEqual([]);
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });

  test("a call waits for approval on every device and after a reload; one of three is denied", async () => {
    const tools = [careful("pay"), careful("order"), careful("call_taxi")];
    const house = await openHouse(
      browser(),
      createScriptedModel((_request, call) =>
        call === 1
          ? ["One moment.", calls("pay", { eur: 5 }), calls("order"), calls("call_taxi")]
          : ["\n\nAll settled."],
      ),
      tools,
    );
    const ann = await house.enter("ann", "lunch");
    await invite(ann, "bob", "writer");
    const bob = await house.enter("bob", "lunch", phone);
    await ann.ask("Arrange it");
    await expect.poll(() => bob.page.getByRole("button", { name: "Approve" }).count()).toBe(3);
    await ann.page.reload();
    await expect.poll(() => ann.page.getByRole("button", { name: "Approve" }).count()).toBe(3);
    expect(await ann.page.locator(".call").first().textContent()).toContain("eur: 5");
    await bob.decide("pay", "Approve");
    await ann.page.getByText("approved by bob").waitFor();
    await ann.decide("order", "Deny");
    await bob.page.getByText("denied by ann").waitFor();
    await bob.decide("call_taxi", "Approve");
    await ann.sees("All settled.");
    await bob.sees("All settled.");
    expect(tools.map(({ ran }) => ran.length)).toEqual([1, 0, 1]);
    await ann.page.locator(".call").first().getByText("Details").click();
    await ann.page.locator(".call").first().getByText('pay {"eur":5}').waitFor();
    expect(await overhang(bob.page)).toEqual([]);
    expect([...ann.faults, ...bob.faults]).toEqual([]);
  });

  test("another member stops the answer; both see what had been written", async () => {
    const house = await openHouse(browser(), createScriptedModel(["It is a long ", { type: "hang" }]));
    const ann = await house.enter("ann", "lunch");
    await invite(ann, "bob", "writer");
    const bob = await house.enter("bob", "lunch");
    await ann.ask("Tell me");
    await bob.sees("It is a long");
    await bob.page.getByRole("button", { name: "Stop the answer" }).click();
    await ann.sees("Stopped. This is what had been written.");
    await bob.sees("Stopped. This is what had been written.");
    expect(await bob.page.getByRole("button", { name: "Stop the answer" }).count()).toBe(0);
  });

  test("who may not come in is told so, and a reader has no buttons to decide", async () => {
    const house = await openHouse(browser(), createScriptedModel(["One moment.", calls("pay")]), [
      careful("pay"),
    ]);
    const ann = await house.enter("ann", "lunch");
    const cara = await house.enter("cara", "lunch");
    await cara.page.locator(".note-failed").waitFor();
    await invite(ann, "cara", "reader");
    await cara.page.reload();
    await ann.ask("Pay");
    await cara.page.locator(".call").first().getByText("waits for approval").waitFor();
    expect(await cara.page.getByRole("button", { name: "Approve" }).count()).toBe(0);
    expect(cara.faults).toEqual([]);
  });

  test("files go along, and the frames on the wire can be looked at", async () => {
    const model = createScriptedModel(["I see a file."], { files: ["text/*", "image/*"] });
    const house = await openHouse(browser(), model, [tool("look")]);
    const ann = await house.enter("ann", "lunch");
    await ann.page.getByRole("button", { name: "Frames on the wire" }).click();
    await ann.page.locator('input[type="file"]').setInputFiles([
      { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("# Lunch") },
      { name: "virus.exe", mimeType: "application/x-msdownload", buffer: Buffer.from("MZ") },
    ]);
    await ann.page.getByText("virus.exe cannot be attached").waitFor();
    await ann.ask("Read this");
    await ann.sees("I see a file.");
    expect(await ann.page.locator(".prompt .file-name").allTextContents()).toEqual(["notes.md"]);
    const frames = ann.page.getByRole("complementary", { name: "Frames on the wire" });
    await frames.getByText("send_message", { exact: true }).waitFor();
    await frames.getByText("stream_chunk").first().waitFor();
    await frames.getByRole("button", { name: "Pause" }).click();
    await frames.getByRole("button", { name: "Clear" }).click();
    await frames.getByText("Paused.").waitFor();
    expect(ann.faults).toEqual([]);
  });
});
