import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freshFolder, runProgram } from "../server/process.ts";
import { delta } from "../stand-ins/calling.ts";
import { type Provider, type ProviderScript, startProvider } from "../stand-ins/provider.ts";
import { inBrowser } from "./in-browser.ts";
import { twoInRoom } from "./room-people.ts";
import { jwtSecret, watchGrowth } from "./room-tab.ts";

const index = path.resolve(import.meta.dirname, "../../packages/server/src/index.ts");

/** A configuration as operators write it, with a tool that leaves a line in a file for each time it ran. */
const config = `
import { appendFileSync } from "node:fs";
import { defineConfig, defineTool } from ${JSON.stringify(index)};

export default defineConfig({
  tools: {
    own: [
      defineTool({
        name: "pay",
        description: "Pays somebody.",
        parameters: { type: "object", properties: { to: { type: "string" } }, required: ["to"] },
        approval: true,
        run({ to }) {
          appendFileSync("paid.txt", String(to) + "\\n");
          return "Paid " + String(to) + ".";
        },
      }),
    ],
  },
});
`;

const call = (index: number, to: string): object => ({
  tool_calls: [
    {
      index,
      id: `c${index}`,
      type: "function",
      function: { name: "pay", arguments: JSON.stringify({ to }) },
    },
  ],
});

/** Calls twice when it is asked, and words what came of it when it is told. */
const script: ProviderScript = async (answer, { body }) => {
  if (JSON.stringify(body).includes('"role":"tool"')) {
    await answer.text("Ann has her money.");
    await answer.finish();
  } else {
    await answer.text("I must ask first. ");
    await delta(answer, call(0, "ann"));
    await delta(answer, call(1, "bert"));
    await answer.finish("tool_calls");
  }
  await answer.done();
};

const serve = async (folder: string, port: string, provider: Provider) => {
  const program = runProgram("packages/server/src/main.ts", ["serve"], {
    DATA_DIR: folder,
    PORT: port,
    JWT_SECRET: jwtSecret,
    MODEL: "openai:clerk",
    OPENAI_BASE_URL: provider.url,
  });
  const [, bound = ""] = await program.says(/ws:\/\/localhost:(\d+)\/ws/);
  return { program, port: bound };
};

inBrowser("rooms of a server that is restarted", (browser) => {
  test.each(["SIGKILL", "SIGTERM"] as const)(
    "P1 P3 P4 P10 %s while a call waits for an approval: decided afterwards, the tool runs once and the answer is completed",
    async (signal) => {
      const provider = await startProvider({ script });
      onTestFinished(() => provider.close());
      const folder = freshFolder();
      writeFileSync(path.join(folder, "colloquy.config.ts"), config);
      const paid = (): string => {
        const file = path.join(folder, "paid.txt");
        return existsSync(file) ? readFileSync(file, "utf8") : "";
      };
      const first = await serve(folder, "0", provider);
      const [ada, ben] = await twoInRoom(browser(), `http://localhost:${first.port}/`);
      await ada.ask("Pay ann and bert");
      await ben.seesCall("ann", "waits for approval");
      await ben.decide("bert", "Deny");
      await ada.seesCall("bert", "denied by ben");

      first.program.child.kill(signal);
      await first.program.ended;
      for (const tab of [ada, ben]) await tab.bar.waitFor();
      const second = await serve(folder, first.port, provider);
      for (const tab of [ada, ben]) {
        await tab.comeBack();
        await tab.seesCall("ann", "waits for approval");
      }
      await ben.page.reload();
      await ben.seesCall("bert", "denied by ben");
      expect(paid()).toBe("");
      await ben.decide("ann", "Approve");
      for (const tab of [ada, ben]) {
        await tab.sees("Ann has her money.");
        await tab.seesCall("ann", "approved by ben");
        expect(await tab.copied()).toBe("I must ask first. Ann has her money.");
      }
      expect(paid()).toBe("ann\n");
      expect(provider.requests.length).toBe(2);

      second.program.child.kill("SIGKILL");
      await second.program.ended;
      await serve(folder, first.port, provider);
      for (const tab of [ada, ben]) {
        await tab.page.reload();
        expect(await tab.copied()).toBe("I must ask first. Ann has her money.");
        expect(tab.faults).toEqual([]);
      }
      expect([paid(), provider.requests.length]).toEqual(["ann\n", 2]);
    },
    120_000,
  );

  test("P3 P4 kill -9 in mid-answer: nothing that was seen is taken back, and the rest follows", async () => {
    let runs = 0;
    const provider = await startProvider({
      async script(answer) {
        runs += 1;
        await answer.text("The quick 🦊 brown ");
        if (runs === 1) return;
        await answer.text("fox jumps.");
        await answer.finish();
        await answer.done();
      },
    });
    onTestFinished(() => provider.close());
    const folder = freshFolder();
    const first = await serve(folder, "0", provider);
    const [ada, ben] = await twoInRoom(browser(), `http://localhost:${first.port}/`);
    await ada.ask("Tell me");
    const watched = [];
    for (const tab of [ada, ben]) {
      await tab.sees("brown");
      watched.push(await watchGrowth(tab));
    }
    first.program.child.kill("SIGKILL");
    await first.program.ended;
    for (const tab of [ada, ben]) await tab.bar.waitFor();
    await serve(folder, first.port, provider);
    for (const tab of [ada, ben]) {
      await tab.comeBack();
      expect(await tab.copied()).toBe("The quick 🦊 brown fox jumps.");
      expect(await tab.turns.count()).toBe(1);
      expect(tab.faults).toEqual([]);
    }
    for (const faults of watched) expect(await faults()).toEqual([]);
  }, 120_000);
});
