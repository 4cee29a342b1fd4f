/** What `colloquy help` says. */
export const helpText = `Colloquy: a self-hosted real-time server for AI assistants.

  colloquy serve    run the server
      --port 8080 --host 127.0.0.1 --data-dir ./data --model demo:guide
  colloquy chat     talk in the terminal
      --url ws://localhost:8080/ws --channel lobby --token …
  colloquy watch    see who is asked, who answers and who stands down; what is typed is asked
      --url ws://localhost:8080/ws --conversation seq:main --token …
  colloquy doctor   look at the configuration, the data folder, the port and the provider
  colloquy token    make a token that is signed with JWT_SECRET
      --user ada --read 'team-*' --prompt 'team-*' --publish … --stop … --approve … --room chat-1=writer --serve 'skill-*' --expires 1h
  colloquy skills   four models that need no key, for a sequencer that listens on UDP
      --ports 5001,5002,5003,5004 --reply-to 5000 --folder .
  colloquy mcp      see what the MCP servers of the configuration offer
      files --agree    agree to the tools of the server "files" as they are now
  colloquy help settings   all settings
  colloquy version

serve, doctor, token and mcp read colloquy.config.ts where they are started, or --config FILE.
`;
