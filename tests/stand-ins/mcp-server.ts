/** An MCP server over standard input and output. Its argument is what its tool `echo` says of itself; `mute` says nothing at all. */
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { makeMcpServer } from "./mcp-tools.ts";

const [says] = process.argv.slice(2);
if (says === "broken") {
  console.error("cannot find my configuration");
  process.exit(1);
}
if (says === "mute") process.stdin.resume();
else serveStdio(() => makeMcpServer(says));
