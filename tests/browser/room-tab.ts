import type { Browser, BrowserContext, BrowserContextOptions, Locator } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import type { Grants } from "../../packages/server/src/auth/principal.ts";
import { mintToken } from "../../packages/server/src/auth/mint-token.ts";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { type ChatTab, openTab } from "./chat-tab.ts";

/** What servers of these stories sign tokens with. */
export const jwtSecret = "a secret of the stories, long enough to be one";

const nothing: Grants = { read: [], prompt: [], publish: [], stop: [] };

/** A token that grants nothing but a name, unless more is given. */
export const tokenFor = (user: string, grants: Partial<Grants> = {}): Promise<string> =>
  mintToken({
    secret: jwtSecret,
    user,
    grants: { ...nothing, ...grants },
    expiresInSeconds: 7 * 86_400,
    clock: systemClock,
  });

/** A room in a tab, in a person's words. */
export interface RoomTab extends ChatTab {
  /** The browser that it is a tab of. */
  readonly context: BrowserContext;
  /** Prompts with their answers, oldest first. */
  readonly turns: Locator;
  /** The call of a tool that was given these words, whatever has become of it. */
  call(words: string): Locator;
  /** Waits until that call says of itself what fits. */
  seesCall(words: string, state: string | RegExp): Promise<void>;
  decide(words: string, how: "Approve" | "Deny"): Promise<void>;
  /** Comes back over a line that was lost, without waiting as long as the page would. */
  comeBack(): Promise<void>;
  /** The newest answer as one copies it, to the letter. */
  copied(): Promise<string>;
}

interface EnterOptions extends BrowserContextOptions {
  readonly chat?: string;
  /** A browser in which somebody is signed in already gets another tab. */
  readonly context?: BrowserContext;
}

const newContext = async (browser: Browser, options: BrowserContextOptions): Promise<BrowserContext> => {
  const permissions = ["clipboard-read", "clipboard-write"];
  const context = await browser.newContext({ permissions, ...options });
  // Shorter than a test may take, so that what did not come is named.
  context.setDefaultTimeout(20_000);
  onTestFinished(() => context.close());
  return context;
};

/** Somebody signs in with a token that grants them nothing but their name, and opens the room of a chat. */
export const enterRoom = async (
  browser: Browser,
  url: string,
  user: string,
  { chat = "lunch", context, ...options }: EnterOptions = {},
): Promise<RoomTab> => {
  const mine = context ?? (await newContext(browser, options));
  const tab = await openTab(mine, `${url}#/r/${encodeURIComponent(chat)}`);
  const token = tab.page.getByLabel("Access token");
  await token.fill(await tokenFor(user));
  await token.press("Enter");
  const turns = tab.page.locator(".turn");
  const call = (words: string): Locator => tab.page.locator(".call", { hasText: words });
  return {
    ...tab,
    context: mine,
    turns,
    call,
    seesCall: (words, state) => call(words).locator(".call-state", { hasText: state }).waitFor(),
    decide: (words, how) => call(words).getByRole("button", { name: how }).click(),
    async comeBack() {
      const retry = tab.bar.getByRole("button", { name: "Retry now" });
      // It may have come back by itself.
      await retry.click({ timeout: 2_000 }).catch(() => {});
      await tab.bar.waitFor({ state: "detached" });
    },
    async copied() {
      const copy = turns.last().getByRole("button", { name: "Copy answer" });
      await copy.waitFor();
      await tab.page.bringToFront();
      await tab.page.evaluate(() => navigator.clipboard.writeText(""));
      await copy.click();
      const read = (): Promise<string> => tab.page.evaluate(() => navigator.clipboard.readText());
      await expect.poll(read).not.toBe("");
      return read();
    },
  };
};

/** Notes all that the newest answer ever showed from now on; what is not a beginning of the last of it is a fault. */
export const watchGrowth = async (tab: RoomTab): Promise<() => Promise<readonly string[]>> => {
  const seen = await tab.page.evaluateHandle(() => {
    const shown: string[] = [];
    const look = (): void => {
      const text = [...document.querySelectorAll(".turn:last-of-type .markdown")].at(-1)?.textContent;
      if (text !== undefined && text !== shown.at(-1)) shown.push(text);
    };
    new MutationObserver(look).observe(document.body, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    look();
    return shown;
  });
  return async () => {
    const shown = await seen.jsonValue();
    const bare = (text = ""): string => text.replace(/\s+/g, "");
    return shown.filter((text) => !bare(shown.at(-1)).startsWith(bare(text)));
  };
};
