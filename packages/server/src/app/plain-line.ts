interface LogLine {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const read = (line: string): LogLine | undefined => {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== "object" || parsed === null) return undefined;
    const { time, level, msg, ...fields } = { ...parsed } as Record<string, unknown>;
    return { time: String(time), level: String(level), msg: String(msg), fields };
  } catch {
    return undefined;
  }
};

/** On one line, and without what would command a terminal: much of what is logged was said by others. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").replaceAll(/\p{Cc}/gu, "\ufffd");

const show = (value: unknown): string => {
  if (typeof value === "object" && value !== null && "message" in value)
    return oneLine(String(value.message));
  return oneLine(typeof value === "string" ? value : JSON.stringify(value));
};

/** A structured log line as a person reads it: time of day, level, sentence, and what belongs to it. */
export const plainLine = (line: string): string => {
  const parsed = read(line);
  if (!parsed) return line;
  const fields = Object.entries(parsed.fields).map(([name, value]) => `  ${name}=${show(value)}`);
  return `${parsed.time.slice(11, 19)} ${parsed.level.padEnd(5)} ${parsed.msg}${fields.join("")}\n`;
};
