/**
 * Whether a name fits a pattern, in which `*` stands for any run of characters (also none) but `:`. Everything else
 * stands for itself.
 *
 * Because no `*` takes a `:`, the colons of both must meet one to one, and what lies between two of them is matched by
 * itself. There the leftmost place for each piece is as good as any other, so only the last `*` is ever tried again: at
 * most name × pattern steps, whatever the pattern.
 */
export const matchesPattern = (pattern: string, name: string): boolean => {
  let p = 0;
  let n = 0;
  let star = -1;
  let resume = 0;
  while (n < name.length) {
    const wanted = pattern[p];
    if (wanted === "*") {
      star = p;
      resume = n;
      p += 1;
    } else if (wanted === name[n]) {
      if (wanted === ":") star = -1;
      p += 1;
      n += 1;
    } else if (star >= 0 && name[resume] !== ":") {
      resume += 1;
      n = resume;
      p = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p += 1;
  return p === pattern.length;
};

/** Whether a name fits any of the patterns. */
export type PatternMatcher = (patterns: readonly string[], name: string) => boolean;

interface Compiled {
  readonly names: ReadonlySet<string>;
  readonly patterns: readonly string[];
}

const compile = (patterns: readonly string[]): Compiled => ({
  names: new Set(patterns.filter((pattern) => !pattern.includes("*"))),
  patterns: [...new Set(patterns.filter((pattern) => pattern.includes("*")))],
});

/**
 * Makes a matcher that prepares each list once and remembers it for as long as the list itself is remembered: plain
 * names are looked up, only those with a `*` are tried one by one. A list must not change after its first use.
 *
 * @example
 * const matches = createPatternMatcher();
 * matches(principal.grants.read, "room-7");
 */
export const createPatternMatcher = (): PatternMatcher => {
  const known = new WeakMap<readonly string[], Compiled>();
  return (patterns, name) => {
    let compiled = known.get(patterns);
    if (!compiled) {
      compiled = compile(patterns);
      known.set(patterns, compiled);
    }
    return compiled.names.has(name) || compiled.patterns.some((pattern) => matchesPattern(pattern, name));
  };
};
