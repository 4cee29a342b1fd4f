/** What a request about a text hands over: the text itself, and how plainly it was set apart from the words around it. */
export interface Argument {
  readonly text: string;
  readonly quoted: boolean;
}

const pairs: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  "`": "`",
  "“": "”",
  "‘": "’",
  "«": "»",
  "„": "“",
};

/** The text without the quotes around it; where there are none, without the question's own mark at the end. */
export const readArgument = (said: string): Argument | undefined => {
  const trimmed = said.trim();
  const bare = trimmed.replace(/(?<=["'`”’»“])[?.!]$/, "");
  const close = pairs[bare.charAt(0)];
  if (bare.length >= 2 && close !== undefined && bare.endsWith(close))
    return { text: bare.slice(1, -1), quoted: true };
  const text = trimmed.replace(/\s*\?$/, "");
  return text === "" ? undefined : { text, quoted: false };
};

/** Set apart by quotes, or a single word: whoever writes more than that may mean something else. */
export const clear = (said: string): string | undefined => {
  const argument = readArgument(said);
  return argument && (argument.quoted || !/\s/.test(argument.text)) ? argument.text : undefined;
};

/** Set apart by quotes. */
export const inQuotes = (said: string): string | undefined => {
  const argument = readArgument(said);
  return argument?.quoted === true ? argument.text : undefined;
};

/** Whatever stands there. */
export const whole = (said: string): string | undefined => readArgument(said)?.text;
