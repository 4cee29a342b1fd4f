/** How many letters must be changed, added or left out to make one word of the other. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1) {
      const changed = (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(changed, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** The choice that somebody who wrote `word` most likely meant; undefined when none is near. */
export const closest = (word: string, choices: readonly string[]): string | undefined => {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[_-]/g, "");
  const near = choices
    .map((choice) => ({ choice, far: distance(plain(word), plain(choice)) }))
    .filter(({ choice, far }) => far <= Math.ceil(choice.length / 3))
    .sort((a, b) => a.far - b.far);
  return near[0]?.choice;
};
