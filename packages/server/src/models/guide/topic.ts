/** Where this server is, as a browser on the same machine would write it. */
export interface Addresses {
  /** `http://localhost:8080` */
  readonly page: string;
  /** `ws://localhost:8080/ws` */
  readonly socket: string;
}

/** Something that the guide can talk about. */
export interface Topic {
  /** A question that leads here, as one would type it. */
  readonly question: string;
  /** Each expression that is found in a prompt (lower case) is a good reason to talk about this. */
  readonly asks: readonly RegExp[];
  /** Reasons half as good, for words that other topics use too. */
  readonly hints?: readonly RegExp[];
  /** Markdown. */
  says(at: Addresses): string;
}

/** A line that begins something of its own: a list item, a row, a heading, a quotation, a fence, a rule. */
const begins = /^(\s*([-*+]|\d+\.)\s|\||#|>|```|---)/;
/** A line that goes on nowhere: a row, a heading, a fence, a rule, a hard break. */
const closed = /^(\||#|```|---)|\s{2}$/;

/**
 * Markdown from its lines as they stand in the source. A paragraph that is broken there for its length becomes one line, so
 * that it is broken where the reader's screen ends.
 */
export const lines = (...all: readonly string[]): string => {
  const out: string[] = [];
  let fenced = false;
  for (const line of all) {
    const last = out.at(-1) ?? "";
    const goesOn = !fenced && line !== "" && last !== "" && !begins.test(line) && !closed.test(last);
    if (goesOn) out[out.length - 1] = `${last} ${line.trimStart()}`;
    else out.push(line);
    if (line.startsWith("```")) fenced = !fenced;
  }
  return out.join("\n");
};
