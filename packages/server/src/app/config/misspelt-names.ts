import { settingFacts } from "./setting-facts.ts";

/** One letter changed, added or left out, or two neighbours that changed places. */
const isSlip = (written: string, ours: string): boolean => {
  let start = 0;
  while (start < written.length && written[start] === ours[start]) start += 1;
  const [rest, meant] = [written.slice(start), ours.slice(start)];
  if (rest.length === meant.length && rest.length > 1) {
    const swapped = `${rest[1]}${rest[0]}${rest.slice(2)}`;
    if (swapped === meant) return true;
  }
  // Short names have too many neighbours that mean something else: TERM, POST, MODE.
  if (written.length < 5 || ours.length < 5) return false;
  return rest.slice(1) === meant.slice(1) || rest.slice(1) === meant || rest === meant.slice(1);
};

/** All words of ours but one in the middle: SEQUENCER_PORT. */
const lacksWord = (written: string, ours: string): boolean => {
  const words = ours.split("_");
  return words.slice(1, -1).some((_, index) => words.toSpliced(index + 1, 1).join("_") === written);
};

/** By far the most likely first. */
const meantBy = (written: string, names: readonly string[]): readonly string[] => {
  const slips = names.filter((name) => isSlip(written, name));
  return slips.length > 0 ? slips : names.filter((name) => lacksWord(written, name));
};

/**
 * Names of the environment that are so close to a setting's that they were most likely meant for it, each as a sentence. An
 * environment holds what is meant for others as well, so this is nothing to refuse; where the right name is set, nobody
 * misses anything.
 */
export const misspeltNames = (env: Readonly<Record<string, string | undefined>>): readonly string[] => {
  const ours = Object.values(settingFacts).flatMap((fact) => fact.env ?? []);
  const isSet = (name: string): boolean => (env[name] ?? "").trim() !== "";
  return Object.keys(env)
    .filter((name) => isSet(name) && !ours.includes(name))
    .flatMap((name) => {
      const meant = meantBy(name, ours).filter((one) => !isSet(one));
      return meant.length === 0
        ? []
        : [`${name} is no setting; if it is meant for Colloquy, write ${meant.join(" or ")}.`];
    });
};
