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

/** Paragraphs, lists and fences as one text; each argument is a line. */
export const lines = (...all: readonly string[]): string => all.join("\n");
