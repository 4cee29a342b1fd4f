interface Help {
  /** What the command is for, after its name. */
  readonly does: string;
  /** What may be written after it. */
  readonly such: readonly string[];
  /** It reads the configuration. */
  readonly configured?: true;
}

const serve = ["--port 8080 --host 127.0.0.1 --data-dir ./data --model demo:guide"];

const commands: ReadonlyMap<string, Help> = new Map<string, Help>([
  ["serve", { does: "run the server", such: serve, configured: true }],
  [
    "chat",
    { does: "talk in the terminal", such: ["--url ws://localhost:8080/ws --channel lobby --token …"] },
  ],
  [
    "watch",
    {
      does: "see who is asked, who answers and who stands down; ask, too",
      such: ["--url ws://localhost:8080/ws --conversation seq:main --token …"],
    },
  ],
  [
    "doctor",
    {
      does: "look at configuration, data folder, port and provider",
      such: serve,
      configured: true,
    },
  ],
  [
    "token",
    {
      does: "make a token that is signed with JWT_SECRET",
      such: [
        "--user ada --expires 1h --read 'team-*' --prompt 'team-*'",
        "--publish … --stop … --approve … --room chat-1=writer --serve 'skill-*'",
      ],
      configured: true,
    },
  ],
  [
    "skills",
    {
      does: "four models that need no key, for a sequencer on UDP",
      such: ["--ports 5001,5002,5003,5004 --reply-to 5000 --folder ."],
    },
  ],
  [
    "mcp",
    {
      does: "see what the MCP servers of the configuration offer",
      such: ['files --agree    agree to the tools of the server "files" as they are now'],
      configured: true,
    },
  ],
]);

const section = (name: string, { does, such }: Help): string =>
  [`  colloquy ${name.padEnd(8)} ${does}\n`, ...such.map((line) => `      ${line}\n`)].join("");

const configured = [...commands].flatMap(([name, help]) => (help.configured ? [name] : []));

/** What `colloquy help` says. */
export const helpText = `Colloquy: a self-hosted real-time server for AI assistants.

${[...commands].map(([name, help]) => section(name, help)).join("")}\
  colloquy help settings   all settings, and what they are when you say nothing
  colloquy version

${configured.slice(0, -1).join(", ")} and ${configured.at(-1)} read the colloquy.config.ts of the folder that they
are started in, or --config FILE.
`;

/** What `colloquy help COMMAND` says; all of the help for what is no command. */
export const helpOf = (name: string): string => {
  const help = commands.get(name);
  if (!help) return helpText;
  const config = help.configured
    ? "      --config FILE    instead of the colloquy.config.ts that is here\n"
    : "";
  return section(name, help) + config;
};

/** The options that a command takes, e.g. `--port`. */
export const optionsOf = (name: string): readonly string[] => helpOf(name).match(/--[a-z-]+/g) ?? [];
