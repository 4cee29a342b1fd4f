import type { z } from "zod";
import { closest } from "../closest.ts";
import { showValue, type ConfigFault } from "./config-fault.ts";
import { settingNames, type Gathered } from "./config-sources.ts";
import { settingFacts } from "./setting-facts.ts";

/** What to write instead of a part of a setting. */
const instead: ReadonlyMap<string, string> = new Map([
  ["model", settingFacts.model.instead],
  ["policy", "queue, reject, interrupt or { parallel: 4 }"],
  ["limits", "classic, or { firstEventMs, silenceMs, turnMs, answerBytes }"],
  ["tools", "an empty list"],
]);

const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (at, key) => (typeof at === "object" && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );

const noSuchSetting = (name: string, key: string): ConfigFault => {
  const meant = closest(key, settingNames);
  return {
    name,
    wrong: "there is no such setting",
    instead:
      meant === undefined ? `one of ${settingNames.join(", ")}, or nothing` : `${meant}, if that was meant`,
  };
};

/** A schema's issue in the operator's words. */
export const faultsOf = (issue: z.core.$ZodIssue, given: Gathered): readonly ConfigFault[] => {
  const [key = "", ...rest] = issue.path.map(String);
  if (issue.code === "unrecognized_keys" && key === "") {
    return issue.keys.map((unknown) => noSuchSetting(given.get(unknown)?.name ?? unknown, unknown));
  }
  const at = given.get(key);
  const name = (at?.name ?? key).replace(key, [key, ...rest].join("."));
  const setting = settingNames.find((known) => known === key);
  const advice =
    instead.get(rest.at(-1) ?? "") ?? (setting === undefined ? "nothing" : settingFacts[setting].instead);
  if (issue.code === "unrecognized_keys") {
    const deeper = name.replace([key, ...rest].join("."), [key, ...rest, issue.keys.join(", ")].join("."));
    return [{ name: deeper, wrong: "there is no such setting", instead: advice }];
  }
  if (issue.code === "invalid_key") {
    return [
      {
        name,
        wrong: `${showValue(rest.at(-1))} ${issue.issues[0]?.message ?? issue.message}`,
        instead: advice,
      },
    ];
  }
  const isSecret = setting !== undefined && settingFacts[setting].secret === true;
  const shown = isSecret ? "its value" : showValue(valueAt(at?.value, issue.path.slice(1)));
  return [{ name, wrong: `${shown} ${issue.message}`, instead: advice }];
};
