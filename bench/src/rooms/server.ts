/** Colloquy as a program of one's own has it: rooms behind signed tokens, the lean model, a tool, a model that only calls that tool. */
import { createServer } from "node:http";
import { z } from "zod";
import { createColloquy } from "../../../packages/server/src/index.ts";
import { defineTool } from "../../../packages/server/src/tools/define-tool.ts";
import { createChainModel } from "./chain-model.ts";
import { chainTool } from "./model-ids.ts";
import { benchSecret } from "./token.ts";

const { PORT, DATA_DIR = ".", OPENAI_BASE_URL = "" } = process.env;

const server = createServer((request, response) => {
  if (!colloquy.handle(request, response)) response.writeHead(404).end();
});
const colloquy = createColloquy({
  server,
  dataDir: DATA_DIR,
  jwtSecret: benchSecret,
  openaiApiKey: "bench",
  openaiBaseUrl: OPENAI_BASE_URL,
  logLevel: "warn",
  // The load comes from one address and few users, as no crowd does.
  promptsPerMinute: 10_000_000,
  models: [createChainModel()],
  tools: {
    own: [
      defineTool({
        name: chainTool,
        description: "Takes the next step of a chain.",
        parameters: z.object({ step: z.int() }),
        run: ({ step }) => `step ${step} is taken`,
      }),
    ],
  },
  roomTools: [chainTool],
});

// Ended gently so that it can write its profile.
process.once("SIGTERM", () => void colloquy.close().finally(() => process.exit(0)));

await colloquy.start();
server.listen({ port: Number(PORT), host: "127.0.0.1", backlog: 4096 });
