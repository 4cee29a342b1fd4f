import { lines, type Topic } from "./topic.ts";

/** Many models, one answer. */
export const teamTopics: readonly Topic[] = [
  {
    question: "What is the team?",
    asks: [
      /\b(the|your|a) team\b|^team\b/,
      /\b(skills?|sequencers?|many models|several models|multiple models|models race|race of models)\b/,
      /\b(arithmetic|calculator|do the maths?)\b/,
    ],
    hints: [/\b(udp|race|models)\b/],
    says: ({ page }) =>
      lines(
        "Four small models that need no key, in a process of their own: **arithmetic**, **time**, **text** and **files**. Each",
        "prompt goes to all of them at the same moment, over UDP; each answers if and only if the prompt is its own; the first",
        "that speaks is heard, and the others stand down. That is a *sequencer*, and it can be made of any models.",
        "",
        `Open the [team's channel](${page}/#/c/team) and try:`,
        "",
        "- `what is 15% of 80?`",
        "- `what time is it in Tokyo?`",
        "- `how many r's in strawberry?`",
        "- `list files`",
        "",
        "Under each answer stands who was asked and who answered in what time. On any other channel a prompt goes to the team",
        'when it says `assistant: "team"`. `TEAM=0` leaves the team out; `TEAM_FOLDER` says which folder it may read.',
        "",
        "Sequencers of your own, of providers, workers and UDP models, are described in `docs/sequencer.md`. Go on with",
        "**Which wires are there?**",
      ),
  },
];
