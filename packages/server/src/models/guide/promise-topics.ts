import { lines, type Topic } from "./topic.ts";

/** What happens when something happens. */
export const promiseTopics: readonly Topic[] = [
  {
    question: "What happens when I refresh?",
    asks: [
      /\b(refresh|refreshes|refreshed|reload|reloads|f5|reconnects?|resume|resumes|offline|disconnects?|disconnected)\b/,
      /\b(lost|loses?|drops?|dropped|bad|slow|unstable)\b.*\b(connection|network|wi-?fi|internet|phone)\b/,
      /\b(wi-?fi|network|connection)\b.*\b(lost|loses?|drops?|breaks?|gone)\b/,
      /\b(tabs?|devices?|phone|windows?|laptop|tablet)\b/,
    ],
    hints: [/\b(join|joins|joined|late|lose|lost)\b/],
    says: ({ page }) =>
      lines(
        "Nothing happens to the answer. It does not grow in your tab, it grows on the server, and your tab is a reader that",
        "knows how far it has come: it has a *cursor*.",
        "",
        "- **Refresh in the middle:** the page comes back, says where it was, and gets exactly the rest. No gap, no repeat.",
        "- **Second tab, second device:** a new reader starts at the beginning, gets all of the text so far in one frame, and",
        "  then grows along with the others.",
        "- **Lost connection:** the same as a refresh. The client tries again by itself, with growing waits.",
        "- **Slow connection:** you get fewer and larger frames. Nobody waits for you, and you are not cut off.",
        "",
        `Try it: open ${page} in a second tab, ask me for **a long story**, and refresh one of them while I talk.`,
      ),
  },
  {
    question: "What if the server is killed?",
    asks: [
      /\b(kill|killed|kills|crash|crashes|crashed|restart|restarts|restarted|reboot|sigterm|sigkill|recover|recovery)\b/,
      /\b(server|process|power)\b.*\b(dies|down|stops|stopped|fails|gone|out)\b/,
      /\bctrl-?c\b/,
    ],
    hints: [/\b(deploy|deploys|update|upgrade|shut ?down|drain)\b/],
    says: () =>
      lines(
        "Be bold: ask me for **a long story**, and while I talk, kill the server with `kill -9`. Then `npm start` again.",
        "",
        "- **Your prompt is still there.** It was stored before it was acknowledged.",
        "- **The text that you have seen is still there.** It was written to a journal before it left.",
        "- **The answer goes on.** The open turn is run once more. I say the same again, so you see a pause and then the rest. A",
        "  real model may say something else from some point on; then your screen keeps what is equal and replaces the rest,",
        "  openly, never by stealth.",
        "- **If you would rather not pay twice:** with `RECOVERY=end` the text so far becomes the answer, and the turn is marked",
        "  as interrupted.",
        "",
        "An orderly stop (`Ctrl-C`, or `SIGTERM` from whoever deploys) is gentler: no new turns begin, running ones get 20",
        "seconds to finish, and clients are told when to come back. Prompts that were waiting run after the next start.",
      ),
  },
  {
    question: "How does stop work?",
    asks: [/\b(stop|stops|stopping|cancel|cancels|cancelled|abort|aborts|interrupt|halt|quit)\b/],
    hints: [/\b(pay|paying|cost|costs|usage)\b/, /\b(tokens?|answer|turn)\b/],
    says: () =>
      lines(
        "Press **Stop** while I talk (ask me for **a long story** to have the time). Then:",
        "",
        "1. The connection to the model's provider is closed at once, so that nobody pays for words that nobody reads.",
        "2. What was said so far stays, as a partial answer, for everybody in the conversation.",
        "3. What it has cost is kept with it: the provider's own figures, or an estimate that says so.",
        "4. Whoever stopped it gets an answer once the end is stored.",
        "",
        "You can always stop your own prompts; those of others only with the right to do so. From a client:",
        "",
        "```json",
        '{ "channel": "hello", "payload": { "action": "cancel", "id": "1" } }',
        "```",
        "",
        "A model that hangs is stopped too: after a minute of silence, or a quarter of an hour in all. Each assistant can have",
        "limits of its own.",
      ),
  },
  {
    question: "What if two people type at once?",
    asks: [
      /\b(two|several|many|multiple|other) (people|persons?|users?|prompts?|clients)\b/,
      /\b(at once|same time|simultaneous(ly)?|concurrent(ly)?|race|order|queue|queued|parallel)\b/,
      /\b(share|shared|together|team|group|collaborat\w+)\b/,
    ],
    says: () =>
      lines(
        "Every conversation has one order. Prompts get a number when they are stored, and everybody sees the same prompts and",
        "answers in the same order, also those who come later.",
        "",
        "What a second prompt does while an answer is being written is up to you, for each assistant:",
        "",
        "| policy | the second prompt |",
        "|---|---|",
        "| `queue` (default) | waits for its turn; up to 10 may wait |",
        "| `reject` | is refused, with a sentence that says why |",
        "| `interrupt` | ends the running answer and takes its place |",
        "| `{ parallel: 4 }` | is answered beside it, up to that many |",
        "",
        "And a prompt that is sent twice, because a network hiccuped, is still answered once: its id is unique for ever.",
      ),
  },
  {
    question: "What is a cursor?",
    asks: [
      /\bwhat('?s| is| are| does)\b.*\b(cursors?|turns?|entry|entries|feed|log|offsets?|reset|prompts?|assistants?|words?)\b/,
      /\b(glossary|vocabulary|terms|terminology)\b/,
    ],
    hints: [/\b(cursors?|turns?|entry|entries|offsets?|glossary)\b/],
    says: () =>
      lines(
        "The words of the house, one meaning each:",
        "",
        "| word | meaning |",
        "|---|---|",
        "| conversation | a log, what is being said just now, and its members |",
        "| entry | one durable line of the log, numbered 1, 2, 3 … |",
        "| prompt | what a person or a program asks; its id makes sending it twice harmless |",
        "| turn | the work that one prompt causes: queued, running, ended |",
        "| answer | the text of a turn |",
        "| cursor | how far a reader has come; opaque, grants nothing |",
        "| reset | the announced taking back of text, when a turn was run again after a crash |",
        "| assistant | a model with instructions, a policy and limits, under an id |",
        "| wire | a way in that existing clients speak |",
        "",
        "*Next:* **what happens when I refresh?** shows what cursors are good for.",
      ),
  },
  {
    question: "Can it use tools?",
    asks: [/\b(tools?|function call(s|ing)?|functions|mcp|agents?|approvals?|approve)\b/],
    says: () =>
      lines(
        "Not in this version: models answer with text and, if they do so, with their reasoning. Tools that run at once or after",
        "somebody has approved the call are the next larger step; the log and the wire have their places reserved.",
        "",
        "Until then an assistant of your own making can take part: let a channel have `assistant: none`, and publish its progress",
        "from your program. The publisher in `packages/client` takes any stream of text.",
      ),
  },
];
