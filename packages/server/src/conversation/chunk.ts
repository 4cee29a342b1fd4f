/** A piece of a growing text that was put before readers at one time. */
export interface Chunk {
  /** Where it begins in the turn's text, UTF-16 code units. */
  readonly at: number;
  readonly text: string;
  /** The same, as the inside of a JSON string. The very same string where nothing needed escaping. */
  readonly escaped: string;
}

/** Index of the chunk that holds `offset`, or the number of chunks when none does; most readers are near the end. */
export const chunkAt = (chunks: readonly Chunk[], offset: number): number => {
  let low = 0;
  let high = chunks.length;
  const last = chunks[high - 1];
  if (last && offset >= last.at) return offset < last.at + last.text.length ? high - 1 : high;
  while (low < high) {
    const middle = (low + high) >> 1;
    const chunk = chunks[middle];
    if (chunk && chunk.at + chunk.text.length <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
};
