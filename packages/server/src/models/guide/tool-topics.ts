import { lines, type Topic } from "./topic.ts";

/** What models may do beside talking. */
export const toolTopics: readonly Topic[] = [
  {
    question: "What are tools?",
    asks: [
      /\b(tools?|functions?|function calls?|tool calls?|calling (tools|functions)|mcp|agents?)\b/,
      /\bapprov(e|es|al|als|ed|ing)\b/,
      /\bdemo:tools\b/,
    ],
    hints: [/\b(weather|calls?)\b/],
    says: () =>
      lines(
        "Functions that a model may call while it answers: to know the time, to work something out, to look at a page, or to do",
        "what *your* product does. You see each call, and what came of it, between the parts of the answer.",
        "",
        "To see it without a key, put the demo that calls tools into `colloquy.config.ts` and start the server again:",
        "",
        "```ts",
        "export default {",
        '  assistants: { default: { model: "demo:tools", tools: ["*"] } },',
        "};",
        "```",
        "",
        "It knows a few turns of phrase: `weather in Makati`, `what time is it in Tokyo?`, `calculate (2 + 3) * 4, then what time",
        "is it in Paris?`. In rooms models have tools from the start.",
        "",
        "- **Each call ends**: with a result, an error, a denial or because its time is over. No provider ever sees one that is open.",
        "- **Some wait for an approval.** Then somebody who may agrees or denies; other prompts run meanwhile, and a restart forgets",
        "  nothing. Nobody answers for `APPROVAL_SECONDS`: it is denied.",
        "- **A call is in the log before it runs**, and runs at most once.",
        "",
        "A real model decides by itself what to call. Go on with **How do I use a real model?**",
      ),
  },
];
