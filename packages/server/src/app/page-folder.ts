import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the built page lies: beside the compiled server in the package, in its own package in a checkout. */
const places = ["../page/", "../../../console/dist/"];

/** The folder of the built page, or where it would be if it were built. */
export const pageFolder = (): string => {
  const folders = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return folders.find((folder) => existsSync(folder)) ?? folders.at(-1) ?? "";
};
