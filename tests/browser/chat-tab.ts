import type { BrowserContext, ConsoleMessage, Locator, Page } from "playwright-core";

/** The page in a tab, in a person's words. */
export interface ChatTab {
  readonly page: Page;
  readonly field: Locator;
  /** Answers, oldest first. */
  readonly answers: Locator;
  readonly bar: Locator;
  /** What must never happen: errors, violations of the security policy, requests that leave the server. */
  readonly faults: readonly string[];
  ask(text: string): Promise<void>;
  /** Waits until the newest answer holds these words. */
  sees(words: string | RegExp): Promise<void>;
}

/** Chromium says this of itself when a line is cut or nobody may come in yet; the page has its own words for it. */
const isExpected = (message: ConsoleMessage): boolean => {
  const text = message.text();
  if (/WebSocket connection to .* failed|Failed to load resource: net::ERR_/.test(text)) return true;
  return text.startsWith("Failed to load resource") && /\/(socket\.io|v1)\//.test(message.location().url);
};

/** Opens a conversation in a new tab. */
export const openTab = async (context: BrowserContext, url: string, channel?: string): Promise<ChatTab> => {
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (message) => {
    const bad = message.type() === "error" || message.type() === "warning";
    if (bad && !isExpected(message)) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) faults.push(`request: ${request.url()}`);
  });
  await page.exposeFunction("reportViolation", (what: string) => faults.push(`policy: ${what}`));
  await page.addInitScript(`document.addEventListener("securitypolicyviolation", (event) =>
    reportViolation(event.violatedDirective + " " + event.blockedURI));`);
  await page.goto(channel === undefined ? url : `${url}#/c/${encodeURIComponent(channel)}`);
  const field = page.getByRole("textbox", { name: "Message" });
  const answers = page.locator(".turn .answer");
  return {
    page,
    field,
    answers,
    bar: page.locator(".connection-bar"),
    faults,
    async ask(text) {
      await field.fill(text);
      await field.press("Enter");
    },
    async sees(words) {
      await answers.last().filter({ hasText: words }).waitFor();
    },
  };
};

/** Names of what sticks out of the screen to the right, which nothing may: what is wide scrolls within itself. */
export const overhang = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("#root *")]
      .filter((element) => !element.closest(".sidebar, pre, .table-frame"))
      .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
      .map((element) => element.className || element.tagName),
  );
