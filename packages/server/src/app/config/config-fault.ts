/** One thing that is wrong with a configuration, in words for the operator. Never holds a secret. */
export interface ConfigFault {
  /** The setting as it was written: `PORT`, `--port`, `assistants.helper.policy in colloquy.config.ts`. */
  readonly name: string;
  readonly wrong: string;
  /** What to write instead. */
  readonly instead: string;
}

/** All faults of a configuration as one text, for a terminal. */
export const formatFaults = (faults: readonly ConfigFault[]): string => {
  const count =
    faults.length === 1
      ? "One thing in the configuration needs"
      : `${faults.length} things in the configuration need`;
  const lines = faults.map((fault) => `  ${fault.name}: ${fault.wrong}.\n    Write ${fault.instead}.`);
  return [`${count} your attention:`, ...lines].join("\n");
};

/** A value as a fault may show it: short, on one line, and without what might be a password in an address. */
export const showValue = (value: unknown): string => {
  const text = typeof value === "function" ? "a function" : (JSON.stringify(value) ?? String(value));
  if (text.includes("@")) return "What is there";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};
