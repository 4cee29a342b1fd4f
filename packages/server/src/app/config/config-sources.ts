import type { ConfigFault } from "./config-fault.ts";
import { settingFacts } from "./setting-facts.ts";
import { settingsSchema, type SettingName, type Settings } from "./settings.ts";

/** What is wrong with a name in a list of tools; undefined when there can be such a tool. */
export type ToolFaultOf = (name: string) => Omit<ConfigFault, "name"> | undefined;

/** Where settings come from; the later goes before the earlier, but what a program passes itself goes before its environment. */
export interface ConfigSources {
  /** What a configuration file exports, or an embedding program passes, and how to call it in a fault. */
  readonly file?: { readonly name: string; readonly value: unknown };
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** From the command line, by the setting's name. */
  readonly flags?: Readonly<Partial<Record<SettingName, string>>>;
  /** Somebody else listens: where is not ours to judge. */
  readonly embedded?: boolean;
  /** What is wrong with a model's id, as a sentence for the operator; told the names of the sequencers there are. */
  readonly modelFault?: (
    id: string,
    settings: Settings,
    sequencers: ReadonlySet<string>,
  ) => string | undefined;
  /** Looks names of tools up; throws a sentence for the operator when the tools themselves do not go together. */
  readonly toolFaults?: (settings: Settings) => ToolFaultOf;
}

/** A value and the name it was given by, as its giver wrote it. */
export interface Given {
  readonly value: unknown;
  readonly name: string;
}

/** All that was given, by setting; also what is no setting. */
export type Gathered = ReadonlyMap<string, Given>;

export const settingNames = Object.keys(settingFacts).filter((name): name is SettingName =>
  Object.hasOwn(settingsSchema.shape, name),
);

const kebab = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

export const gather = ({ file, env = {}, flags = {}, embedded = false }: ConfigSources): Gathered => {
  const given = new Map<string, Given>();
  const inFile = typeof file?.value === "object" && file.value !== null ? Object.entries(file.value) : [];
  for (const [key, value] of inFile) {
    if (value !== undefined) given.set(key, { value, name: `${key} in ${file?.name ?? "the file"}` });
  }
  for (const name of settingNames) {
    const variable = settingFacts[name].env;
    const value = variable === undefined ? undefined : env[variable];
    // An empty variable is how container tools say "not set".
    const isSet = variable !== undefined && value !== undefined && value.trim() !== "";
    if (isSet && !(embedded && given.has(name))) given.set(name, { value, name: variable });
    const typed = flags[name];
    if (typed !== undefined) given.set(name, { value: typed, name: `--${kebab(name)}` });
  }
  return given;
};
