import { clientTopics } from "./client-topics.ts";
import { firstTopics } from "./first-topics.ts";
import { playTopics } from "./play-topics.ts";
import { promiseTopics } from "./promise-topics.ts";
import { runningTopics } from "./running-topics.ts";
import { teamTopics } from "./team-topics.ts";
import { toolTopics } from "./tool-topics.ts";
import { lines, type Addresses, type Topic } from "./topic.ts";

/** Where several topics fit as well as each other, the earlier one is talked about. */
export const topics: readonly Topic[] = [
  ...playTopics,
  ...teamTopics,
  ...toolTopics,
  ...promiseTopics,
  ...clientTopics,
  ...runningTopics,
  ...firstTopics,
];

/** What the prompt is about: the topic with the best reasons. */
export const topicOf = (prompt: string): Topic | undefined => {
  const asked = prompt.toLowerCase().replaceAll("’", "'").slice(0, 2_000);
  let best: Topic | undefined;
  let most = 0;
  for (const topic of topics) {
    const found = (words: readonly RegExp[] = []): number => words.filter((word) => word.test(asked)).length;
    const reasons = 2 * found(topic.asks) + found(topic.hints);
    if (reasons <= most) continue;
    best = topic;
    most = reasons;
  }
  return best;
};

/** The guide's answer, in markdown. The same prompt always gets the same answer. */
export const answer = (prompt: string, at: Addresses): string => topicOf(prompt)?.says(at) ?? unknown(prompt);

const unknown = (prompt: string): string => {
  const line = prompt.replaceAll(/[\s`*_<>[\]|#\\]+/g, " ").trim();
  const said = (line.length > 60 ? `${line.slice(0, 59)}…` : line).toWellFormed();
  return lines(
    `“${said}” is beyond me, I am afraid. I am the built-in guide, with prepared answers and no language model behind me.`,
    "",
    "Your prompt itself is in good hands: it is stored, it has its number, and everybody in this conversation sees it. A real",
    "model would now answer it. To put one in my place:",
    "",
    "```sh",
    "OPENAI_API_KEY=sk-… npm start",
    "```",
    "",
    "What I *can* tell you:",
    "",
    "- **What is Colloquy?**",
    "- **How do I connect a client?**",
    "- **How do I use a real model?** also without a key, on your own machine",
    "- **What happens when I refresh?** and **what if the server is killed?**",
    "- **How does stop work?**",
    "- **Which settings are there?**",
    "",
    "Or say **help** for the whole list.",
  );
};
