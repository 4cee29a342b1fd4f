import { existsSync } from "node:fs";
import path from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const findChromium = (): string | undefined => {
  const folders = (process.env["PATH"] ?? "").split(path.delimiter);
  const places = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [process.env["CHROMIUM"] ?? "", ...places, "/usr/bin/chromium"].find(
    (place) => place !== "" && existsSync(place),
  );
};

/** Where Chromium is on this machine; undefined when it has none. */
export const chromiumPath = findChromium();

/** Added to the title of what must be skipped. */
export const whySkipped =
  chromiumPath === undefined ? " (skipped: no Chromium here; install it or name one in CHROMIUM)" : "";

/** Starts Chromium with a profile of its own that is thrown away, and with nothing that talks to the outside. */
export const launchChromium = async (): Promise<Browser> => {
  if (chromiumPath === undefined) throw new Error("There is no Chromium here.");
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
};
