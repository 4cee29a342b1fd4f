import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { ConfigFault } from "./config-fault.ts";

const usualNames = ["colloquy.config.ts", "colloquy.config.js", "colloquy.config.mjs"];

export type ConfigFile =
  | { readonly kind: "none" }
  | { readonly kind: "read"; readonly name: string; readonly value: unknown }
  | { readonly kind: "fault"; readonly fault: ConfigFault };

/**
 * Runs the configuration file: the one that was named, else the one of a usual name in the folder, if any.
 * Its default export is the configuration.
 */
export const readConfigFile = async (folder: string, named?: string): Promise<ConfigFile> => {
  const name = named ?? usualNames.find((usual) => existsSync(path.join(folder, usual)));
  if (name === undefined) return { kind: "none" };
  const full = path.resolve(folder, name);
  const fault = (called: string, wrong: string, instead: string): ConfigFile => ({
    kind: "fault",
    fault: { name: called, wrong, instead },
  });
  if (!existsSync(full)) return fault("--config", `${full} does not exist`, "the path of a file");
  if (!/\.[cm]?[jt]s$/.test(full))
    return fault(name, "it is no TypeScript or JavaScript", "a file such as colloquy.config.ts");
  try {
    const exported: unknown = await import(pathToFileURL(full).href);
    const value: unknown =
      typeof exported === "object" && exported !== null ? Reflect.get(exported, "default") : undefined;
    return { kind: "read", name, value };
  } catch (error) {
    const [said = ""] = String(error).split("\n");
    return fault(name, `it cannot be run: ${said}`, "a file that node can import");
  }
};
