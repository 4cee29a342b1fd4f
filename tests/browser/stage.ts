import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, onTestFinished } from "vitest";
import { type Hub, type HubOptions, startHub } from "../stand-ins/hub.ts";
import { chromiumPath, launchChromium, whySkipped } from "./chromium.ts";
import { type PageHost, startPageHost } from "./page-host.ts";

/** A browser and the page on a hub that does what the test says. */
export interface Stage {
  readonly hub: Hub;
  readonly url: string;
  /** A person with a browser of their own, until the test is over: nothing is shared with others. */
  person(options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

const start = async (options: HubOptions): Promise<{ hub: Hub; host: PageHost; browser: Browser }> => {
  const hub = await startHub(options);
  const host = await startPageHost(hub.url);
  return { hub, host, browser: await launchChromium() };
};

const startStage = async (options: HubOptions): Promise<Stage> => {
  const { hub, host, browser } = await start(options);
  return {
    hub,
    url: host.url,
    async person(contextOptions) {
      const context = await browser.newContext(contextOptions);
      // A tab that is left open would go on talking to the hub during the next story.
      onTestFinished(() => context.close());
      return context;
    },
    async close() {
      await browser.close();
      await host.close();
      await hub.close();
    },
  };
};

/** Stories that play on one stage; skipped, and counted as such, where there is no Chromium. */
export const onStage = (title: string, options: HubOptions, stories: (stage: () => Stage) => void): void => {
  describe.skipIf(chromiumPath === undefined)(`${title}${whySkipped}`, () => {
    let stage: Stage | undefined;
    beforeAll(async () => {
      stage = await startStage(options);
    });
    afterAll(() => stage?.close());
    stories(() => {
      if (!stage) throw new Error("The stage is not up yet.");
      return stage;
    });
  });
};
