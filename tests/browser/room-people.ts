import type { Browser, BrowserContextOptions, Locator } from "playwright-core";
import type { RoomConversation } from "@colloquy/client/rooms";
import { joinRooms } from "../stand-ins/start-rooms.ts";
import { enterRoom, type RoomTab, tokenFor } from "./room-tab.ts";

/** What shows how many are here, and opens who. */
export const peopleButton = (tab: RoomTab): Locator =>
  tab.page.getByRole("button", { name: "people of this room" });

/** The room's owner lets somebody in, in the list of people. */
export const invite = async (tab: RoomTab, user: string, role: "reader" | "writer"): Promise<void> => {
  await peopleButton(tab).click();
  await tab.page.getByLabel("User id to invite").fill(user);
  await tab.page.getByLabel("What they may do").selectOption(role);
  await tab.page.getByRole("button", { name: "Invite" }).click();
  await tab.page.getByText(`${user} may come in.`).waitFor();
  await peopleButton(tab).click();
};

/** Ada has made a room, and Ben is in it with a browser of his own. */
export const twoInRoom = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions & { readonly benUrl?: string } = {},
): Promise<readonly [ada: RoomTab, ben: RoomTab]> => {
  const { benUrl = url, ...context } = options;
  const ada = await enterRoom(browser, url, "ada", context);
  await peopleButton(ada).filter({ hasText: "1" }).waitFor();
  await invite(ada, "ben", "writer");
  const ben = await enterRoom(browser, benUrl, "ben", context);
  for (const tab of [ada, ben]) await peopleButton(tab).filter({ hasText: "2" }).waitFor();
  return [ada, ben];
};

/** The room as a program of that user's has it, which asks also what the page would not. */
export const roomInProgram = async (url: string, user: string): Promise<RoomConversation> =>
  joinRooms(url, { token: await tokenFor(user) }).client.conversation("lunch");
