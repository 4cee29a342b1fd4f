import { io } from "socket.io-client";
import { expect, onTestFinished, test } from "vitest";
import { call, withStatus, type Caller } from "../gateways/caller.ts";
import { startProvider, type ProviderScript } from "../stand-ins/provider.ts";
import { freshFolder, runProgram, type Program } from "./process.ts";

const main = "packages/server/src/main.ts";

const serve = async (env: Record<string, string>): Promise<{ program: Program; caller: Caller }> => {
  const program = runProgram(main, ["serve"], { PORT: "0", ...env });
  const [, url = ""] = await program.says(/(ws:\/\/localhost:\d+\/ws)/);
  return { program, caller: await call(url.replace("localhost", "127.0.0.1")) };
};
const prompt = { channel: "lobby", message: "hi", message_id: "m1" };

test("serve in an empty folder: greets, answers, and SIGTERM ends it in good order", async () => {
  const { program, caller } = await serve({ DATA_DIR: freshFolder(), MODEL: "demo:echo" });
  expect(program.said()).toMatch(/Colloquy \d[^]*page[^]*sockets[^]*health/);
  caller.subscribe("lobby");
  caller.say(prompt);
  await caller.next(withStatus("completed"));
  program.child.kill("SIGTERM");
  expect((await caller.closed).code).toBe(1012);
  expect(await program.ended).toBe(0);
});

test("P3 P4 a second SIGTERM ends it at once; the next start takes the turn up where readers had it", async () => {
  const folder = freshFolder();
  let calls = 0;
  const script: ProviderScript = async (answer) => {
    calls += 1;
    await answer.text("The quick brown fox ");
    if (calls === 1) return;
    await answer.text("jumps.");
    await answer.finish();
    await answer.done();
  };
  const provider = await startProvider({ script });
  onTestFinished(() => provider.close());
  const env = { DATA_DIR: folder, OPENAI_BASE_URL: provider.url, MODEL: "openai:fox" };
  const first = await serve(env);
  first.caller.subscribe("lobby", { id: "s", mode: "delta" });
  first.caller.say(prompt);
  const had = await first.caller.next(withStatus("in_progress"));
  first.program.child.kill("SIGTERM");
  await first.program.says(/Ask again/);
  // One that follows at once is taken for an echo of the first, as npm makes them.
  const asking = setInterval(() => first.program.child.kill("SIGTERM"), 50);
  expect(await first.program.ended).toBe(1);
  clearInterval(asking);

  const second = await serve(env);
  second.caller.subscribe("lobby", { id: "s", mode: "delta", cursor: had.payload["cursor"] });
  const end = await second.caller.next(withStatus("completed"));
  expect(end.payload).toMatchObject({ message_id: "m1", message: "The quick brown fox jumps." });
  expect(calls).toBe(2);
});

test("P12 a port that is taken: a sentence, and the exit code of a failure", async () => {
  const { program } = await serve({ DATA_DIR: freshFolder() });
  const [, port = ""] = await program.says(/localhost:(\d+)\/ws/);
  const second = runProgram(main, ["serve"], { DATA_DIR: freshFolder(), PORT: port });
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(`Another program listens on 127.0.0.1:${port}`);
});

test("P12 a folder that another server uses: a sentence, and the port is let go", async () => {
  const folder = freshFolder();
  await serve({ DATA_DIR: folder });
  const second = runProgram(main, ["serve"], { DATA_DIR: folder, PORT: "0" });
  expect(await second.ended).toBe(1);
  expect(second.said()).toContain(folder);
  expect(second.said()).not.toContain("    at ");
});

test("the example of a server inside a program", async () => {
  const program = runProgram("examples/embed/server.ts", [], { DATA_DIR: freshFolder(), PORT: "0" });
  const [, port = ""] = await program.says(/port: (\d+)/);
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe("A page of your own.\n");
  const caller = await call(`ws://127.0.0.1:${port}/ws`);
  caller.subscribe("lobby");
  caller.say(prompt);
  expect((await caller.next(withStatus("completed"))).payload["message"]).toBe(
    "Hello from inside your own server.",
  );
  caller.hangUp();
  program.child.kill("SIGTERM");
  expect(await program.ended).toBe(0);
});

test("the example of a kind of room", async () => {
  const program = runProgram("examples/room-kind/server.ts", [], { DATA_DIR: freshFolder(), PORT: "0" });
  const [, port = ""] = await program.says(/port: (\d+)/);
  const socket = io(`http://127.0.0.1:${port}/assistant/realtime`, { transports: ["websocket"] });
  const wish = { chat_id: "1", model_api_source: "counting", model_id: "echo" };
  const { room_id: room } = await socket.timeout(10_000).emitWithAck("create_room", wish);
  await socket.timeout(10_000).emitWithAck("join_room", { room_id: room });
  const ask = async (id: string): Promise<unknown> => {
    const answered = new Promise((resolve) => {
      socket.on(`receive_message ${room}`, ({ type, data }) => {
        if (type === "sbaw.text_message.assistant") resolve(data.content);
      });
    });
    const item = { id, type: "message", role: "user", modality: "text", content: "Hi" };
    const message = { type: "sbaw.incoming.text_message.user", id, data: { item } };
    await socket.timeout(10_000).emitWithAck("send_message", { room_id: room, message });
    return answered;
  };
  expect(await ask("1")).toBe("You said: Question 1: Hi");
  socket.off(`receive_message ${room}`);
  expect(await ask("2")).toBe("You said: Question 2: Hi");
  socket.close();
  program.child.kill("SIGTERM");
  expect(await program.ended).toBe(0);
});
