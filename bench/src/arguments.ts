import { parseArgs } from "node:util";
import { allRows } from "./rows/all-rows.ts";
import type { Row } from "./rows/row.ts";

export interface Wishes {
  readonly rows: readonly Row[];
  readonly quick: boolean;
  /** Put the table into RESULTS.md. */
  readonly write: boolean;
  /** Folder for CPU profiles of the servers. */
  readonly profiles: string | undefined;
}

export const usage = `npm run bench -- [--only ${allRows.map((row) => row.name).join(",")}] [--quick] [--write] [--profile FOLDER]`;

/** Reads the command line; throws an Error whose message says what is wrong with it. */
export const readArguments = (args: readonly string[]): Wishes => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      quick: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      profile: { type: "string" },
    },
  });
  const names = values.only?.split(",");
  const unknown = names?.filter((name) => !allRows.some((row) => row.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`there is no row ${unknown.join(", ")}`);
  return {
    rows: allRows.filter((row) => names?.includes(row.name) ?? true),
    quick: values.quick,
    write: values.write,
    profiles: values.profile,
  };
};
