import type { ConfigFault } from "./config-fault.ts";
import { gather, type ConfigSources, type Gathered } from "./config-sources.ts";
import { faultsOfTools } from "./faults-of-tools.ts";
import { misspeltNames } from "./misspelt-names.ts";
import { resolveConfig, type Config } from "./resolve-config.ts";
import { contradictions } from "./contradictions.ts";
import { faultsOf } from "./schema-faults.ts";
import { settingFacts } from "./setting-facts.ts";
import { settingsSchema, type SettingName } from "./settings.ts";

export type ConfigResult =
  | {
      readonly ok: true;
      readonly config: Config;
      /** Sentences about what was perhaps meant otherwise. */
      readonly minds: readonly string[];
    }
  /** All of them at once, so that nobody mends one only to meet the next. */
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/** Each model that cannot be had, under the name of who asks for it. */
const modelFaults = (
  config: Config,
  given: Gathered,
  faultOf: (id: string) => string | undefined,
): readonly ConfigFault[] => {
  const found = new Map<string, ConfigFault>();
  for (const { id, model } of config.assistants.values()) {
    const wrong = faultOf(model);
    if (wrong === undefined) continue;
    const isDefault = model === config.model;
    const name = isDefault
      ? (given.get("model")?.name ?? "MODEL")
      : `assistants.${id}.model in ${fileOf(given, "assistants")}`;
    found.set(name, { name, wrong, instead: settingFacts.model.instead });
  }
  for (const { name, models, fallback } of config.sequencers.values()) {
    for (const [part, id] of [
      ...models.map((id) => ["models", id] as const),
      ["fallback", fallback] as const,
    ]) {
      const wrong = id === undefined ? undefined : faultOf(id);
      if (wrong === undefined) continue;
      const at = `sequencers.${name}.${part} in ${fileOf(given, "sequencers")}`;
      found.set(`${at} ${id}`, { name: at, wrong, instead: settingFacts.model.instead });
    }
  }
  return [...found.values()];
};

const fileOf = (given: Gathered, key: SettingName): string =>
  given.get(key)?.name.replace(`${key} in `, "") ?? "";

/** Reads a configuration from all its sources. Never throws; a fault never holds a secret. */
export const readConfig = (sources: ConfigSources): ConfigResult => {
  const { file } = sources;
  const faults: ConfigFault[] = [];
  if (file !== undefined && (typeof file.value !== "object" || file.value === null)) {
    faults.push({
      name: file.name,
      wrong: "it exports no configuration",
      instead: "export default defineConfig({ … })",
    });
  }
  const given = gather(sources);
  const raw = new Map([...given].map(([key, { value }]) => [key, value]));
  const parsed = settingsSchema.safeParse(Object.fromEntries(raw));
  for (const issue of parsed.error?.issues ?? []) {
    faults.push(...faultsOf(issue, given));
    const wrong =
      issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys : [String(issue.path[0])];
    for (const key of wrong) raw.delete(key);
  }
  // What is wrong in itself is left out, so that the rest can still be looked at as a whole.
  const settings = settingsSchema.parse(Object.fromEntries(raw));
  faults.push(...contradictions(settings, given, sources.embedded ?? false));
  const config = resolveConfig(settings, sources.embedded ?? false);
  // As they were written: a sequencer that is at fault is not missing as well.
  const names = new Set([...config.sequencers.keys(), ...Object.keys(given.get("sequencers")?.value ?? {})]);
  faults.push(...modelFaults(config, given, (id) => sources.modelFault?.(id, settings, names)));
  const { toolFaults } = sources;
  // Tools that are at fault themselves are not missing as well.
  if (toolFaults && given.has("tools") === raw.has("tools"))
    faults.push(...faultsOfTools(config, given, () => toolFaults(settings)));
  return faults.length > 0
    ? { ok: false, faults }
    : { ok: true, config, minds: misspeltNames(sources.env ?? {}) };
};
