import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import type { ColloquyConfig } from "../../packages/server/src/app/config/define-config.ts";
import { createModels } from "../../packages/server/src/models/model-registry.ts";
import { tool } from "../heart/tool-kit.ts";
import { ownServer } from "../server/own-server.ts";
import { startTwoProviders } from "../stand-ins/two-providers.ts";
import { inBrowser } from "./in-browser.ts";
import { twoInRoom } from "./room-people.ts";
import { jwtSecret } from "./room-tab.ts";

const clerk = "openai:clerk";
const claude = "anthropic:claude-haiku-4-5";
/** One red pixel. */
const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGP4z8DwHwAFAAH/iZk9HQAAAABJRU5ErkJggg==";

const startServer = async () => {
  const provider = await startTwoProviders();
  const forecast = tool("forecast", () => "30 degrees");
  const config: ColloquyConfig = {
    jwtSecret,
    openaiBaseUrl: provider.url,
    anthropicBaseUrl: provider.url,
    anthropicApiKey: "a key of nobody's",
    tools: { own: [forecast] },
    roomTools: ["forecast"],
  };
  const model = createModels({ openai: { baseUrl: provider.url } })(clerk);
  const { http } = await ownServer(model, { config });
  const sent = (n: number): string => JSON.stringify(provider.requests[n]?.body);
  return { provider, sent, forecast, url: `${http}/` };
};

inBrowser("models of a room", (browser) => {
  test("P10 another provider goes on where the first called tools, and the first again after it", async () => {
    const { provider, sent, forecast, url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    const picker = ada.page.getByLabel("Model", { exact: true });
    expect(await picker.inputValue()).toBe(clerk);
    await ada.ask("How is the weather?");
    await ben.sees("The clerk says so.");
    await ben.seesCall("forecast", "done");
    await picker.selectOption(claude);
    await expect.poll(() => ben.page.getByLabel("Model", { exact: true }).inputValue()).toBe(claude);
    await ada.ask("Are you sure?");
    await ben.sees("Claude says so.");
    await picker.selectOption(clerk);
    await ada.ask("And now?");
    await ben.turns.nth(2).getByText("The clerk says so.").waitFor();

    expect(provider.requests.map(({ path }) => path.replace(/^.*\/v1/, ""))).toEqual([
      "/chat/completions",
      "/chat/completions",
      "/messages",
      "/chat/completions",
    ]);
    for (const n of [2, 3]) {
      expect(sent(n).split('"call_').length - 1).toBe(2);
      for (const words of ["How is the weather?", "30 degrees", "The clerk says so.", "Are you sure?"])
        expect(sent(n)).toContain(words);
    }
    expect(sent(2)).toMatch(/"type":"tool_use"[^]*"type":"tool_result"/);
    expect(sent(3)).toMatch(/"tool_calls"[^]*"role":"tool"[^]*Claude says so/);
    expect(forecast.ran.length).toBe(1);
    for (const tab of [ada, ben]) {
      for (const [n, id] of [clerk, claude, clerk].entries())
        await tab.turns.nth(n).locator(".meta", { hasText: id }).waitFor();
      expect(tab.faults).toEqual([]);
    }
  });

  test("a text and an image go along: the model has both, the others see their names", async () => {
    const { sent, url } = await startServer();
    const [ada, ben] = await twoInRoom(browser(), url);
    await ada.page.getByLabel("Model", { exact: true }).selectOption(claude);
    await ada.page.getByLabel("Files", { exact: true }).setInputFiles([
      { name: "note.md", mimeType: "text/markdown", buffer: Buffer.from("# Grüße, 九") },
      { name: "red.png", mimeType: "image/png", buffer: Buffer.from(pixel, "base64") },
    ]);
    await ada.page.getByRole("list", { name: "Goes along" }).getByText("red.png").waitFor();
    await ada.ask("What is this?");
    await ben.sees("Claude says so.");
    expect(sent(0)).toContain(pixel);
    expect(sent(0)).toContain('"media_type":"image/png"');
    expect(sent(0)).toContain("# Grüße, 九");
    for (const tab of [ada, ben]) {
      const files = tab.turns.last().getByRole("list", { name: "Attached" }).locator(".file-name");
      expect(await files.allInnerTexts()).toEqual(["note.md", "red.png"]);
      expect(tab.faults).toEqual([]);
    }
    await ada.page.reload();
    await ada.sees("Claude says so.");
    await ada.turns.last().getByText("red.png").waitFor();
  });
});
