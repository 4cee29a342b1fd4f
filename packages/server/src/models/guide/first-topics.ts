import { lines, type Topic } from "./topic.ts";

/** What people type first. */
export const firstTopics: readonly Topic[] = [
  {
    question: "What can you answer?",
    asks: [/\bhelp\b/, /\bwhat (can|do|could|should) (you|i)\b/, /\b(topics|commands|menu)\b/, /^\W*\?+\W*$/],
    hints: [/\b(list|questions|ask)\b/],
    says: () =>
      lines(
        "Gladly! I can tell you about:",
        "",
        "| ask me | and I talk about |",
        "|---|---|",
        "| *What is Colloquy?* | the idea, in a minute |",
        "| *How do I connect a client?* | the WebSocket, with an example to copy; also in Python |",
        "| *How do I use a real model?* | OpenAI, Ollama and all that speaks like them; Claude, Gemini and others |",
        "| *What are tools?* | what models may do beside talking, and who agrees to it |",
        "| *What happens when I refresh?* | lost connections and second devices |",
        "| *What if the server is killed?* | crashes and restarts |",
        "| *How does stop work?* | what is closed, and what is kept |",
        "| *Which settings are there?* | configuration |",
        "| *How do I sign people in?* | tokens, and what is open without them |",
        "| *Where is my data?* | the log, the folder, copies |",
        "| *How do I embed it?* | Colloquy inside your own server |",
        "| *Which wires are there?* | the ways in |",
        "",
        "And for the fun of it: **a poem**, **a joke**, **a long story**, or **show me markdown**.",
      ),
  },
  {
    question: "Hello!",
    asks: [
      /^\W*(hi+|hello+|hey+|hallo|moin|servus|salut|bonjour|hola|ciao|yo|howdy|greetings)\b/,
      /^\W*good (morning|afternoon|evening|day)\b/,
      /^\W*(test(ing)?|ping|start|begin|anybody there|are you there)\W*$/,
      /\b(get(ting)? started|quick ?start|first steps|do i (start|begin))\b/,
      /^\W*$/,
    ],
    says: ({ page }) =>
      lines(
        "Hello, and welcome to **Colloquy**! 👋",
        "",
        "It works: your prompt went to the server, got its place in the log of this conversation, was stored, and this",
        "answer is now growing on the screen of everybody who is in it.",
        "",
        "I am the built-in guide. I have no language model behind me, only prepared answers, so that you can try everything",
        "without a key. Three things to do in the next minute:",
        "",
        `1. **Open ${page} in a second tab.** It shows this conversation, and whatever you ask in one grows in both.`,
        "2. **Ask me for *a long story* and refresh the page in the middle.** Not a word is lost.",
        "3. **Do the same and press Stop**, or even kill the server and start it again.",
        "",
        "Then ask me **what is Colloquy**, **how do I connect a client**, or **how do I use a real model**.",
      ),
  },
  {
    question: "What is Colloquy?",
    asks: [
      /\bwhat('?s| is| are| does)\b.*\b(this|it|colloquy|here)\b/,
      /\b(explain|describe|introduce|tell me about)\b.*\b(this|it|colloquy|yourself)\b/,
      /^\W*(about|overview|intro(duction)?)\W*$/,
      /\bwhy\b.*\b(colloquy|this|use)\b/,
    ],
    hints: [/\bcolloquy\b/],
    says: () =>
      lines(
        "**Colloquy is a self-hosted real-time server for AI assistants.** It stands between your users and your models:",
        "",
        "- **Prompts come in** through the sockets that your clients already speak.",
        "- **Every conversation gets one order.** Two people who type at once are asked and answered one after the other, and",
        "  both see the same.",
        "- **Answers stream to everybody in the conversation**, on every device, through lost connections, slow networks,",
        "  restarts and crashes.",
        "- **The history stays with you**, in a database in your own data folder.",
        "",
        "The idea behind it fits into one sentence:",
        "",
        "> An answer is not a stream of packets. It is a text that grows, and every reader is a cursor into it.",
        "",
        "Resuming after a lost connection, joining late, a slow phone, a second tab: to the server they are all the same",
        "thing, a reader at another place in the text.",
        "",
        "*Next:* try **what happens when I refresh?** or **how do I connect a client?**",
      ),
  },
  {
    question: "Who are you?",
    asks: [
      /\bwho\b.*\byou\b/,
      /\b(what|which) (model|llm|ai|version) are you\b/,
      /\bare you\b.*\b(ai|bot|human|real|llm|chatgpt|model|robot|person|alive)\b/,
      /\byour name\b/,
      /\bhow are you\b/,
    ],
    says: () =>
      lines(
        "I am `demo:guide`, the model that a fresh Colloquy answers with. Calling me a model is generous: I look for a few",
        "words in your prompt and recite what I know about them, at a pace that is pleasant to read.",
        "",
        "What carries my words is the real thing, though: the order, the storing, the streaming, the resuming are exactly",
        "what a real model would get. To put one in my place, ask **how do I use a real model?** I shall not be offended.",
      ),
  },
  {
    question: "Thank you!",
    asks: [
      /\b(thanks|thank you|thx|merci|danke|great|awesome|cool|nice|wow|perfect)\b/,
      /\b(bye|goodbye|see you|ciao)\W*$/,
    ],
    says: () =>
      lines(
        "You are welcome! It was a pleasure to stream to you.",
        "",
        "This conversation stays where it is: come back tomorrow, on this device or another, and it will be here. And if",
        "something did not please you, tell the people who make Colloquy; they like to know.",
      ),
  },
];
