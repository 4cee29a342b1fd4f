import { deviceKeep } from "../parts/storage.ts";

export type Theme = "light" | "dark";

const dark = (): MediaQueryList => matchMedia("(prefers-color-scheme: dark)");

const systemTheme = (): Theme => (dark().matches ? "dark" : "light");

/** The theme that is seen now: the chosen one, else the system's. */
export const presentTheme = (): Theme => {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "dark" || chosen === "light" ? chosen : systemTheme();
};

/** Chooses a theme for this device; choosing what the system has means following the system again. */
export const chooseTheme = (theme: Theme): void => {
  const choice = theme === systemTheme() ? undefined : theme;
  if (choice === undefined) delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = choice;
  deviceKeep.set("theme", choice);
};

/** Calls back when the system's theme changes; returns how to stop that. */
export const onSystemTheme = (listener: () => void): (() => void) => {
  const query = dark();
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
};
