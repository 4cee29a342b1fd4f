import { createServer } from "node:http";
import { createColloquy, scriptedModel } from "colloquy";

const model = scriptedModel(["Hello ", "from inside ", "your own server."]);
const server = createServer((request, response) => {
  if (!colloquy.handle(request, response)) response.end("A page of your own.\n");
});
const colloquy = createColloquy({ server, env: process.env, models: [model], model: model.id });
await colloquy.start();
server.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => console.log(server.address()));
process.once("SIGTERM", () => void colloquy.close().then(() => server.close()));
