import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, onTestFinished } from "vitest";
import { mintToken } from "../../packages/server/src/auth/mint-token.ts";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import type { Model } from "../../packages/server/src/models/model.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { ownServer } from "../server/own-server.ts";
import { type ChatTab, openTab } from "./chat-tab.ts";
import { chromiumPath, launchChromium, whySkipped } from "./chromium.ts";

const secret = "a secret of browser stories that is long enough";

/** A whole server with rooms, for the length of a test, and people with browsers of their own. */
export interface House {
  readonly url: string;
  /** A tab in the room of that chat, in a fresh browser, signed in as that user. */
  enter(user: string, chatId: string, options?: BrowserContextOptions): Promise<RoomTab>;
}

/** The page in a tab that shows a room. */
export interface RoomTab extends ChatTab {
  readonly context: BrowserContext;
  /** Cards of tool calls, oldest first. */
  readonly calls: ReturnType<ChatTab["page"]["locator"]>;
  invite(user: string, role?: "reader" | "writer" | "owner"): Promise<void>;
  approve(): Promise<void>;
  deny(): Promise<void>;
}

const tokenOf = (user: string): Promise<string> =>
  mintToken({
    secret,
    user,
    grants: { read: ["*"], prompt: ["*"], publish: [], stop: ["*"] },
    expiresInSeconds: 600,
    clock: systemClock,
  });

const roomTab = (tab: ChatTab, context: BrowserContext): RoomTab => {
  const { page } = tab;
  const people = page.getByRole("button", { name: /people of this room/ });
  return {
    ...tab,
    context,
    calls: page.locator(".call"),
    async invite(user, role = "writer") {
      await people.click();
      await page.getByLabel("User id to invite").fill(user);
      await page.getByLabel("What they may do").selectOption(role);
      await page.getByRole("button", { name: "Invite" }).click();
      await page.getByText(`${user} may come in.`).waitFor();
      await people.click();
    },
    approve: () => page.getByRole("button", { name: "Approve" }).first().click(),
    deny: () => page.getByRole("button", { name: "Deny" }).first().click(),
  };
};

/** A house of its own for one story; its model and tools do what the test says. */
export const openHouse = async (
  browser: Browser,
  model: Model,
  tools: readonly Tool[] = [],
): Promise<House> => {
  const names = tools.map(({ name }) => name);
  const { http } = await ownServer(model, {
    config: { jwtSecret: secret, tools: { own: tools }, roomTools: names, roomModels: [model.id] },
  });
  const url = `${http}/`;
  return {
    url,
    async enter(user, chatId, options) {
      const context = await browser.newContext(options);
      onTestFinished(() => context.close());
      const token = await tokenOf(user);
      await context.addInitScript(`sessionStorage.setItem("colloquy.token", ${JSON.stringify(token)})`);
      const tab = await openTab(context, url, `chat:${chatId}`);
      await tab.page
        .locator('.pane[data-phase="live"]')
        .or(tab.page.locator(".note-failed"))
        .first()
        .waitFor();
      return roomTab(tab, context);
    },
  };
};

/** Stories of rooms in a real browser; skipped, and counted as such, where there is no Chromium. */
export const inBrowser = (title: string, stories: (browser: () => Browser) => void): void => {
  describe.skipIf(chromiumPath === undefined)(`${title}${whySkipped}`, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());
    stories(() => {
      if (!browser) throw new Error("The browser is not up yet.");
      return browser;
    });
  });
};
