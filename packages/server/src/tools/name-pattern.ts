/** Makes a test of names out of a pattern in which `*` stands for any run of characters. */
export const namePattern = (pattern: string): ((name: string) => boolean) => {
  const parts = pattern.split(/\*+/);
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return (name) => name === pattern;
  return (name) => {
    if (!name.startsWith(first)) return false;
    let at = first.length;
    for (const part of rest) {
      const found = name.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return name.length >= at + last.length && name.endsWith(last);
  };
};
