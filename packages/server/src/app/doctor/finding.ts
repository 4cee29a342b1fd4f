/** What one look has shown. */
export interface Finding {
  /** `mind`: it works, but may surprise. */
  readonly state: "good" | "mind" | "bad";
  /** What was looked at, in a word or two. */
  readonly about: string;
  readonly says: string;
  /** What to do about it; there unless all is good. */
  readonly todo?: string;
}

export const good = (about: string, says: string): Finding => ({ state: "good", about, says });
export const mind = (about: string, says: string, todo: string): Finding => ({
  state: "mind",
  about,
  says,
  todo,
});
export const bad = (about: string, says: string, todo: string): Finding => ({
  state: "bad",
  about,
  says,
  todo,
});

const marks = { good: "ok  ", mind: "mind", bad: "FAIL" } as const;

/** Findings for a terminal, and what they amount to. */
export const formatFindings = (findings: readonly Finding[]): string => {
  const lines = findings.map(({ state, about, says, todo }) => {
    const line = `${marks[state]}  ${about.padEnd(12)}  ${says}`;
    return todo === undefined ? line : `${line}\n${" ".repeat(20)}${todo}`;
  });
  const count = findings.filter(({ state }) => state === "bad").length;
  const sum = count === 0 ? "All is well." : `${count} of ${findings.length} things must be mended first.`;
  return [...lines, "", sum, ""].join("\n");
};
