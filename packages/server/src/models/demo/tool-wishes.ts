import { isFields } from "../json-fields.ts";
import type { ToolSpec } from "../model.ts";

/** A call that a prompt asks for. */
export interface WishedCall {
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

/** What clocks a place has, as an IANA name. */
export type ZoneOf = (place: string) => string | undefined;

/** Something that people ask for in words, and how to find the tool for it and what to give it. */
interface Wish {
  readonly asks: RegExp;
  readonly tool: RegExp;
  /** The tool's parameter that takes what was asked about; the first that takes text if none is called so. */
  readonly parameter: RegExp;
  /** What the parameter is given; undefined leaves it out. */
  readonly value: (found: string, zoneOf: ZoneOf) => string | undefined;
}

const trimmed = (text: string): string => text.trim().replace(/[\s?.!,;]+$/, "");

const wishes: readonly Wish[] = [
  {
    asks: /\bhttps?:\/\/\S+/gi,
    tool: /fetch|page|browse|url/i,
    parameter: /url|address|link/i,
    value: (found) => found.replace(/[)>\].,;!?]+$/, ""),
  },
  {
    asks: /\b(?:weather|forecast|temperature)\b.*?\b(?:in|for|at|of)\s+([\p{L}][\p{L}\s.'-]{1,60}?)(?=$|[?!;,]|\s+(?:today|tomorrow|now|and (?:the|what|how|tell|time|calculate|compute|work|fetch))\b)/giu,
    tool: /weather|forecast/i,
    parameter: /place|city|town|location/i,
    value: trimmed,
  },
  {
    asks: /\btime\b(?:.*?\b(?:in|at)\s+([\p{L}][\p{L}\s./_'-]{1,60}?)(?=$|[?!;,]|\s+(?:now|and (?:the|what|how|tell|weather|calculate|compute|work|fetch))\b)|(?=.{0,20}\?|.{0,12}$))/giu,
    tool: /time|clock/i,
    parameter: /zone/i,
    value: (found, zoneOf) => zoneOf(trimmed(found)),
  },
  {
    asks: /\b(?:calculate|compute|work out|how much is|what is)\s+([-+(√\d][^?;]{0,200}?|[a-z]+\([^?;]{1,200}?)(?=$|[?;]|\s+and (?:the|what|how|tell|time|weather|fetch)\b)/gi,
    tool: /calc|arithmetic|math/i,
    parameter: /expression|formula|input/i,
    value: trimmed,
  },
];

/** `call NAME`, `use NAME with {"a": 1}`, `run NAME: Makati`. */
const byName = /\b(?:call|use|run)\s+(?:the\s+(?:tool\s+)?)?([\w-]{1,64})(?:\s*(?:with|:)\s*(.+))?/is;
const somethingToApprove = /\b(?:approv\w*|permission|agree\w*|ask(?:s|ed)? (?:me )?(?:first|before))\b/i;

const propertiesOf = ({ parameters }: ToolSpec): readonly (readonly [string, unknown])[] =>
  isFields(parameters["properties"]) ? Object.entries(parameters["properties"]) : [];

/** Whether any text will do, and not only some words. */
const takesText = (property: unknown): boolean =>
  !isFields(property) || (property["enum"] === undefined && (property["type"] ?? "string") === "string");

const parameterOf = (tool: ToolSpec, named: RegExp): string | undefined => {
  const texts = propertiesOf(tool).filter(([, property]) => takesText(property));
  return (texts.find(([name]) => named.test(name)) ?? texts[0])?.[0];
};

const callOf = (tool: ToolSpec, parameter: string | undefined, value: string | undefined): WishedCall => ({
  name: tool.name,
  arguments: JSON.stringify(parameter === undefined || value === undefined ? {} : { [parameter]: value }),
});

const namedCall = (step: string, tools: readonly ToolSpec[]): WishedCall | undefined => {
  const [, name, rest = ""] = byName.exec(step) ?? [];
  const tool = tools.find((one) => one.name.toLowerCase() === name?.toLowerCase());
  if (!tool) return undefined;
  const given = rest.trim();
  if (given.startsWith("{")) return { name: tool.name, arguments: given };
  return callOf(tool, parameterOf(tool, /./), trimmed(given) || undefined);
};

const wishedCalls = (step: string, tools: readonly ToolSpec[], zoneOf: ZoneOf): readonly WishedCall[] => {
  const named = namedCall(step, tools);
  if (named) return [named];
  const found = wishes.flatMap(({ asks, tool: fits, parameter, value }) => {
    const tool = tools.find(({ name }) => fits.test(name));
    if (!tool) return [];
    return [...step.matchAll(asks)].flatMap(([all, part]) =>
      (part === undefined ? [all] : part.split(/\s+and\s+/i)).map((one) => ({
        at: step.indexOf(one),
        call: callOf(tool, parameterOf(tool, parameter), value(one, zoneOf)),
      })),
    );
  });
  if (found.length > 0) return found.toSorted((a, b) => a.at - b.at).map(({ call }) => call);
  const careful = tools.find(({ description }) => somethingToApprove.test(description));
  return careful && somethingToApprove.test(step) ? [callOf(careful, undefined, undefined)] : [];
};

/** Longest prompt that is looked at, in UTF-16 code units. */
const longestPrompt = 2_000;
const mostCalls = 8;

/**
 * The calls that a prompt asks for, step by step: those of one step can be made at once, `then` begins the next. It knows a few
 * turns of phrase and nothing else.
 */
export const wishedSteps = (
  prompt: string,
  tools: readonly ToolSpec[],
  zoneOf: ZoneOf,
): readonly (readonly WishedCall[])[] =>
  prompt
    .slice(0, longestPrompt)
    .split(/[,;.]?\s+(?:and\s+)?then\s+/i)
    .slice(0, mostCalls)
    .map((step) => wishedCalls(step, tools, zoneOf).slice(0, mostCalls))
    .filter((calls) => calls.length > 0);
