import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe } from "vitest";
import { chromiumPath, launchChromium, whySkipped } from "./chromium.ts";

/** Stories that share one browser, and nothing else; skipped, and counted as such, where there is no Chromium. */
export const inBrowser = (title: string, stories: (browser: () => Browser) => void): void => {
  describe.skipIf(chromiumPath === undefined)(`${title}${whySkipped}`, () => {
    let browser: Browser | undefined;
    beforeAll(async () => {
      browser = await launchChromium();
    });
    afterAll(() => browser?.close());
    stories(() => {
      if (!browser) throw new Error("There is no browser yet.");
      return browser;
    });
  });
};
