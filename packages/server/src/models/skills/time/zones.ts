import { knownPlaces } from "./places.ts";

/** A place whose clocks we know. */
export interface Place {
  /** As a sentence names it: `Tokyo`, `UTC+3`. */
  readonly name: string;
  /** As Intl takes it. */
  readonly zone: string;
}

/** Finds the zone of a place by what people call it; undefined for an unknown one. */
export type FindPlace = (text: string) => Place | undefined;

const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[.']/g, "")
    .replaceAll("_", " ")
    .trim()
    .replace(/^the (?!hague)/, "");

/** `tokyo` → `Tokyo`; abbreviations in capitals. */
const titled = (name: string): string =>
  /^[a-z]{2,4}t$|^(?:uk|uae|nyc|la|sf|nz|utc)$/.test(name)
    ? name.toUpperCase()
    : name.replaceAll(/(?<![a-z])[a-z]/g, (letter, at: number) =>
        /^(?:de|of|and)\b/.test(name.slice(at)) && at > 0 ? letter : letter.toUpperCase(),
      );

const offset = /^(?:utc|gmt)? ?([+-])(\d{1,2})(?::?([0-5]\d))?$/;

export const createFindPlace = (): FindPlace => {
  const known = knownPlaces();
  const named = (name: string): Place | undefined => {
    const zone = known.get(name) ?? known.get(name.replaceAll(" ", "_"));
    if (zone === undefined) return undefined;
    return { name: name.includes("/") ? zone : titled(name), zone };
  };
  return (text) => {
    const name = plain(text);
    const [, sign = "", hours = "", minutes = "00"] = offset.exec(name) ?? [];
    if (sign !== "") {
      if (Number(hours) > 14) return undefined;
      return {
        name: `UTC${sign}${Number(hours)}${minutes === "00" ? "" : `:${minutes}`}`,
        zone: `${sign}${hours.padStart(2, "0")}:${minutes}`,
      };
    }
    // "Springfield, Japan" is as far as we can tell somewhere in Japan.
    const [city = "", ...rest] = name.split(/ *, */);
    return named(name) ?? (rest.length > 0 ? (named(city) ?? named(rest.join(", "))) : undefined);
  };
};
