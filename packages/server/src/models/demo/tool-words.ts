import type { ModelMessage, ToolSpec } from "../model.ts";

type ToolMessage = Extract<ModelMessage, { role: "tool" }>;

/** Longest part of a result that is repeated, in UTF-16 code units. */
const longestQuote = 800;

const quoted = (text: string): string => {
  const said = text.trim();
  const short = said.length > longestQuote ? `${said.slice(0, longestQuote - 1)}…`.toWellFormed() : said;
  const json = /^[[{]/.test(short);
  if (json) return `\`\`\`json\n${short.replaceAll("```", "'''")}\n\`\`\``;
  return short
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
};

const sayResult = ({ name, text, failed }: ToolMessage): string => {
  if (text.trim() === "") return `**${name}** gave nothing.`;
  return failed ? `**${name}** could not do it:\n\n${quoted(text)}` : `**${name}** gave:\n\n${quoted(text)}`;
};

const honest =
  "*I am a demo: I look for a few turns of phrase and call the tool that fits. A real model decides this by itself.*";

/** Before calls. */
export const sayCalls = (names: readonly string[], step: number): string => {
  const tools = [...new Set(names)].map((name) => `**${name}**`).join(" and ");
  return step === 0 ? `Let me ask ${tools}.\n\n` : `Next I ask ${tools}.\n\n`;
};

/** After the last results of a turn. */
export const sayResults = (results: readonly ToolMessage[]): string =>
  [...results.map(sayResult), honest].join("\n\n");

const firstSentence = (text: string): string =>
  (/^[^\n]*?[.!?](?=\s|$)/.exec(text.trim())?.[0] ?? text).slice(0, 200);

/** When nothing in a prompt fits a tool. */
export const sayWhatThereIs = (tools: readonly ToolSpec[]): string => {
  if (tools.length === 0) {
    return [
      "I am a demo of tools, and here I was given none.",
      'In a room there are some from the start; elsewhere an assistant has those that its configuration names: `tools: ["*"]`.',
    ].join("\n\n");
  }
  const list = tools.map(({ name, description }) => `- **${name}**: ${firstSentence(description)}`);
  return [
    "I am a demo of tools and understand only a few turns of phrase. These are the tools that I was given:",
    list.join("\n"),
    "Try one of these, where there is a tool for it:",
    [
      "- `weather in Makati and Oslo`",
      "- `what time is it in Tokyo?`",
      "- `calculate (2 + 3) * 4, then what time is it in Paris?`",
      "- `fetch https://example.com`",
    ].join("\n"),
    'Any tool can be called by its name: `use NAME with {"key": "value"}`. In a room whose owner has switched off that tools run by themselves, each call waits until somebody agrees.',
  ].join("\n\n");
};
