import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { call, withStatus } from "../gateways/caller.ts";
import { freshFolder, runProgram } from "../server/process.ts";
import { until } from "../stand-ins/until.ts";
import { isThere, skillsProcesses, tellsChildren } from "./skills-processes.ts";
import { askedIn, decisionIn, resultOf, teamServer } from "./team-server.ts";

/** The ports that existing sequencers and their models have. */
const others = [5_000, 5_001, 5_002, 5_003, 65_000];

test("P7 a prompt for the team is answered over UDP by the one skill that it is meant for, and the log says how", async () => {
  const { url } = await teamServer();
  const ada = await call(url);
  ada.subscribe("room", { id: "s" });
  ada.say({
    channel: "room",
    payload: { action: "prompt", message: "2+2", message_id: "m1", assistant: "team", id: "1" },
  });
  expect((await ada.next(withStatus("completed"))).payload).toMatchObject({
    message: "2 + 2 = 4",
    message_id: "m1",
  });

  ada.say({ channel: "room", payload: { action: "history", limit: 50, id: "h" } });
  const { payload } = await ada.next((frame) => frame.payload?.["id"] === "h");
  const entries = Array.isArray(payload["entries"]) ? payload["entries"] : [];
  const asked = askedIn(entries);
  expect(asked.map(({ model }) => model)).toEqual(["arithmetic", "time", "text", "files"]);
  for (const { about = "" } of asked) expect(others).not.toContain(Number(/^port (\d+)$/.exec(about)?.[1]));
  const decision = decisionIn(entries);
  expect(decision).toMatchObject({
    policy: "first",
    winner: "arithmetic",
    function: "arithmetic",
    sysbool: "True",
  });
  expect(decision["sender"]).toMatch(/^arithmetic-\d+$/);
  expect(decision["models"]).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ model: "arithmetic", standing: "replied", firstMs: expect.any(Number) }),
    ]),
  );
  ada.hangUp();
});

test("each skill answers what is its own; what is nobody's is answered by what the team can do", async () => {
  const teamFolder = freshFolder();
  writeFileSync(path.join(teamFolder, "plan.txt"), "first this, then that\n");
  const { ask } = await teamServer({ teamFolder });
  const team = { channel: "team" };
  expect(resultOf(await ask("show plan.txt", team))).toEqual({
    end: "completed",
    text: "first this, then that\n",
  });
  expect(resultOf(await ask("what time is it in Tokyo?", team)).text).toMatch(/^It is \d\d:\d\d in Tokyo/);
  expect(resultOf(await ask("reverse hello", team)).text).toBe("olleh");
  const nobodys = await ask("write me a poem", team);
  expect(resultOf(nobodys).text).toContain("None of the team took this one");
  expect(decisionIn(nobodys)).toMatchObject({ code: "no_model" });
  // Where nobody chose the team, it has no say.
  expect(resultOf(await ask("2+2", { channel: "room" })).text).toBe("plain");
});

test("the usual folder is made, with a word of welcome, when the team is first asked, and never touched again", async () => {
  const { ask, dataDir } = await teamServer();
  const folder = path.join(dataDir, "files");
  expect(existsSync(folder)).toBe(false);
  expect(resultOf(await ask("list files", { channel: "team" })).text).toMatch(/^welcome\.txt/);
  mkdirSync(path.join(folder, "own"));
  expect(resultOf(await ask("ls", { channel: "team" })).text).toBe("own/\nwelcome.txt (281 B)");
});

test("many prompts at a time each get their own answer", async () => {
  const { ask } = await teamServer({ channels: { many: { assistant: "team", policy: { parallel: 16 } } } });
  const sums = Array.from({ length: 40 }, (_, i) => i);
  const channels = { channel: "many" };
  const results: string[] = [];
  for (let at = 0; at < sums.length; at += 10) {
    const some = sums.slice(at, at + 10).map(async (n) => resultOf(await ask(`${n} + ${n}`, channels)).text);
    results.push(...(await Promise.all(some)));
  }
  expect(results).toEqual(sums.map((n) => `${n} + ${n} = ${2 * n}`));
});

describe.skipIf(!tellsChildren)("where the system tells who is whose child", () => {
  test("P3 the skills are killed in the middle of a race: the turn ends, and the next prompt is answered after a restart", async () => {
    const { begin, ask, running } = await teamServer();
    const team = { channel: "team" };
    expect(skillsProcesses(process.pid)).toEqual([]);
    await ask("1+1", team);
    const [first = 0] = skillsProcesses(process.pid);
    // It takes its second to find out that this takes too long.
    const race = await begin("9999999!", team);
    await race.noted("asked");
    process.kill(first, "SIGKILL");
    const entries = await race.ended();
    expect(resultOf(entries)).toEqual({ end: "worker_lost", text: "" });
    expect(entries.filter(({ kind }) => kind === "turn-end")).toHaveLength(1);

    expect(resultOf(await ask("2+2", team)).text).toBe("2 + 2 = 4");
    const [second = 0] = skillsProcesses(process.pid);
    expect(second).not.toBe(first);
    expect(resultOf(await ask("hello")).text).toBe("plain");
    await running.colloquy.close();
    await until(() => !isThere(second));
  });

  test("P3 the skills do not outlive a server that is killed, nor one that ends in good order", async () => {
    for (const signal of ["SIGKILL", "SIGTERM"] as const) {
      const server = runProgram("packages/server/src/main.ts", ["serve"], {
        PORT: "0",
        DATA_DIR: freshFolder(),
      });
      const [, url = ""] = await server.says(/(ws:\/\/\S+)/);
      const ada = await call(url);
      ada.subscribe("team", { id: "s" });
      ada.say({ channel: "team", message: "6*7", message_id: "m1" });
      expect((await ada.next(withStatus("completed"))).payload["message"]).toBe("6 * 7 = 42");
      const [skills = 0] = skillsProcesses(server.child.pid ?? 0);
      expect(isThere(skills)).toBe(true);
      server.child.kill(signal);
      await server.ended;
      await until(() => !isThere(skills));
      ada.hangUp();
    }
  });
});
