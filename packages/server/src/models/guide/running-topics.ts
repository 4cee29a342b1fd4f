import { lines, type Topic } from "./topic.ts";

/** Running it. */
export const runningTopics: readonly Topic[] = [
  {
    question: "Which settings are there?",
    asks: [
      /\b(config|configs|configure|configured|configuration|settings?|environment|env)\b/,
      /\b(port|host|data_dir|log_level|logs?|logging|metrics|health|monitoring|prometheus)\b/,
    ],
    hints: [/\b(options?|variables?|flags?|change)\b/],
    says: ({ page }) =>
      lines(
        "Settings come from the environment, or from `colloquy.config.ts` in the folder where you start. The ones that you are",
        "most likely to need:",
        "",
        "| name | default | |",
        "|---|---|---|",
        "| `PORT` | 8080 | |",
        "| `HOST` | 127.0.0.1 | other machines can connect only if you say so, and sign in |",
        "| `DATA_DIR` | ./data | database and journal |",
        "| `MODEL` | demo:guide | `provider:model` of the default assistant |",
        "| `OPENAI_API_KEY`, `OPENAI_BASE_URL` | | a real model |",
        "| `JWT_SECRET` or `JWKS_URL` | | who may come in |",
        "| `ALLOWED_ORIGINS` | | other websites whose pages may connect |",
        "| `LOG_LEVEL` | info | |",
        "",
        "`npm run colloquy -- help settings` lists all of them, and `npm run colloquy -- doctor` looks whether yours make sense",
        "and tells you what to write instead.",
        "",
        `To see inside: ${page}/healthz, ${page}/readyz and ${page}/metrics (for Prometheus).`,
      ),
  },
  {
    question: "How do I sign people in?",
    asks: [
      /\b(auth|authentication|authenticate|authorization|authorise|jwt|jwks|login|log in|sign(ing)? (people |users )?in|password|oauth|oidc)\b/,
      /\b(secure|security|safe|permissions?|rights|roles?|anonymous)\b/,
    ],
    hints: [/\b(tokens?|public|internet|private|access|users?)\b/],
    says: () =>
      lines(
        "As long as Colloquy listens on your own machine only, and you have configured nothing, everybody on it may come in.",
        "Beyond that nobody is served without a token, and a server that would be open to the world by accident refuses to",
        "start.",
        "",
        "With a secret of your own:",
        "",
        "```sh",
        "export JWT_SECRET=$(openssl rand -hex 32)",
        "npm start",
        "npm run colloquy -- token --user ada --read 'team-*' --prompt 'team-*'",
        "```",
        "",
        "Or with the identity provider that you have: set `JWKS_URL` to its public keys. A token's claims say which channels its",
        "bearer may read, prompt, publish to and stop, with `*` for any run of characters. When it expires while a socket is",
        "open, the client sends a fresh one on the same socket, and running answers are not disturbed.",
        "",
        "Clients send the token in the `Authorization` header, in a cookie, or in their first frame. `docs/reverse-proxy.md` says",
        "what to mind when nginx, Caddy or Traefik stands in front.",
      ),
  },
  {
    question: "Where is my data?",
    asks: [
      /\b(database|databases|sqlite|stored?|stores|storage|postgres|postgresql|mongodb|redis)\b/,
      /\b(privacy|gdpr|delete|backup|back up|export)\b/,
      /\bwhere\b.*\b(data|history|conversations?|messages|prompts)\b/,
    ],
    hints: [/\b(data|history|private)\b/],
    says: () =>
      lines(
        "On your own disk, in the folder `DATA_DIR` (`./data` unless you say otherwise): a SQLite database with the log of every",
        "conversation, and a small journal of what is being said right now.",
        "",
        "The log only grows. Entries are numbered 1, 2, 3 … and never change: prompts, answers, what the model thought, how each",
        "turn ended and what it cost. That is all there is, so what you see is what is stored.",
        "",
        "While I am your model, nothing leaves this machine. A real model sees its instructions and as much of the conversation",
        "as fits into its context, and nothing else.",
        "",
        "To make a copy, stop the server and copy the folder. One folder belongs to one server at a time.",
      ),
  },
  {
    question: "How do I embed it?",
    asks: [
      /\b(embed|embeds|embedding|embedded|library|createcolloquy|mount)\b/,
      /\b(express|fastify|hono|next\.?js|koa|nest)\b/,
      /\b(hooks?|middleware|extend|plugin|customi[sz]e)\b/,
    ],
    hints: [/\b(import|package|npm install)\b/],
    says: () =>
      lines(
        "Colloquy is a library as well as a command. `createColloquy({ … })` takes the same settings as `colloquy.config.ts` and",
        "mounts on an HTTP server that you already have, so that your pages, your routes and the sockets share one port.",
        "",
        "Three hooks let you have a say:",
        "",
        "- `authorise`: may this person do this, here?",
        "- `beforePrompt`: look at a prompt before it is stored, or refuse it.",
        "- `afterTurn`: a turn has ended; count it, bill it, tell somebody.",
        "",
        "Your own model is a small thing too: an object with an id and a `stream` that yields `text` events and, last, `finish`.",
        "For your tests there is a scripted one that says, waits, fails and hangs as you like. The folder `examples` has ten",
        "lines to start from.",
      ),
  },
  {
    question: "Can I run it in Docker?",
    asks: [
      /\b(docker|container|kubernetes|k8s|compose|systemd)\b/,
      /\b(nginx|caddy|traefik|proxy|https|tls|certificate|domain)\b/,
      /\b(deploy|deployment|production|host it|hosting)\b/,
    ],
    says: () =>
      lines(
        "Yes. The repository has a `Dockerfile`:",
        "",
        "```sh",
        "docker build -t colloquy .",
        "docker run --stop-timeout 30 -p 8080:8080 -v colloquy-data:/data \\",
        "  -e JWT_SECRET=$(openssl rand -hex 32) colloquy",
        "```",
        "",
        "Inside a container it has to listen on all interfaces, so people have to sign in (ask me **how do I sign people in?**), and",
        "`ALLOWED_HOSTS` names what they call it. Give it 30 seconds to stop, so that running answers can finish.",
        "",
        "TLS is for a reverse proxy to do. `docs/reverse-proxy.md` has nginx, Caddy and Traefik, ready to copy.",
      ),
  },
  {
    question: "How fast is it?",
    asks: [
      /\b(fast|speed|performance|scale|scales|scaling|benchmarks?|latency|throughput|load|cluster|nodes?)\b/,
    ],
    says: () =>
      lines(
        "Measure it on your own machine, beside the programs that people write today, in the same run:",
        "",
        "```sh",
        "npm run bench",
        "```",
        "",
        "The newest table is in `bench/RESULTS.md`. What makes it quick is mostly what it does not do: no queue per reader, no",
        "timer per turn, no frame encoded twice for two readers at the same place.",
        "",
        "One process uses one core and owns its conversations. More than one node is planned for, not built.",
      ),
  },
  {
    question: "Is it free?",
    asks: [
      /\b(free|licen[cs]e|price|pricing|open ?source|apache|github|contribute|contributing|bug|issue)\b/,
    ],
    says: () =>
      lines(
        "Yes: Colloquy is open source under the **Apache License 2.0**. Use it, change it, sell what you build on it.",
        "",
        "If you want to change it, begin with `ARCHITECTURE.md` (under 200 lines) and `CONTRIBUTING.md`; `npm test` runs everything.",
      ),
  },
];
