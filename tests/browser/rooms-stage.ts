import type { Browser, BrowserContextOptions } from "playwright-core";
import type { Model } from "../../packages/server/src/models/model.ts";
import type { Tool } from "../../packages/server/src/tools/tool.ts";
import { ownServer } from "../server/own-server.ts";
import { enterRoom, jwtSecret, type RoomTab } from "./room-tab.ts";

/** A whole server with rooms, for the length of a test, and people with browsers of their own. */
export interface House {
  readonly url: string;
  /** A tab in the room of that chat, in a fresh browser, signed in as that user; or what is shown to those who may not come in. */
  enter(user: string, chat: string, options?: BrowserContextOptions): Promise<RoomTab>;
}

/** A house of its own for one story; its model and tools do what the test says. */
export const openHouse = async (
  browser: Browser,
  model: Model,
  tools: readonly Tool[] = [],
): Promise<House> => {
  const names = tools.map(({ name }) => name);
  const { http } = await ownServer(model, {
    config: { jwtSecret, tools: { own: tools }, roomTools: names, roomModels: [model.id] },
  });
  const url = `${http}/`;
  return {
    url,
    async enter(user, chat, options) {
      const tab = await enterRoom(browser, url, user, { chat, ...options });
      const { page } = tab;
      await page.locator('.pane[data-phase="live"]').or(page.locator(".note-failed")).first().waitFor();
      return tab;
    },
  };
};
