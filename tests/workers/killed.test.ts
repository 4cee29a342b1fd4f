import { expect, test } from "vitest";
import { runProgram, type Program } from "../server/process.ts";
import { until } from "../stand-ins/until.ts";
import { gate, setWorkersStage } from "./stage.ts";

type Stage = Awaited<ReturnType<typeof setWorkersStage>>;

const startChild = async (stage: Stage, name: string, hold: string): Promise<Program> => {
  const child = runProgram("tests/workers/kit-child.ts", [], { URL: stage.url, NAME: name, HOLD: hold });
  await child.says(/registered/);
  return child;
};

const kill = async (child: Program): Promise<void> => {
  child.child.kill("SIGKILL");
  expect(await child.ended).toBe("SIGKILL");
};

/** The child has been asked, and what it has to say of it has arrived. */
const heldBy = async (stage: Stage, child: Program, hold: string): Promise<void> => {
  await child.says(/asked/);
  await until(() => hold !== "claim" || stage.heard.some(({ type }) => type === "claim"));
};

test.each([
  ["before its claim", "silence"],
  ["after its claim", "claim"],
])("P7 a worker that is killed %s and started again in time is asked again", async (_when, hold) => {
  const stage = await setWorkersStage({ panel: { graceMs: 60_000 } });
  const first = await startChild(stage, "a", hold);
  const { ear } = await stage.ask();
  await heldBy(stage, first, hold);
  await kill(first);
  await until(() => !stage.connected("a"));
  const second = await startChild(stage, "a", "");
  await second.says(/asked/);
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["a answers", "completed"]);
});

test.each([
  ["before its claim", "silence"],
  ["after its claim", "claim"],
])("P3 killed %s and gone for good: worker_lost, or another's answer", async (_when, hold) => {
  const stage = await setWorkersStage({ panel: { graceMs: 30 } });
  const alone = await startChild(stage, "a", hold);
  const { ear } = await stage.ask();
  await heldBy(stage, alone, hold);
  await kill(alone);
  await ear.untilEnded(1);
  expect(ear.ends.get(1)).toBe("worker_lost");
  const child = await startChild(stage, "a", hold);
  stage.heard.length = 0;
  const [dead, asked] = [gate(), gate()];
  await stage.hire("b", async function* () {
    asked.resolve();
    await dead.promise;
    yield "b instead";
  });
  const second = await stage.ask("channel:b");
  await Promise.all([heldBy(stage, child, hold), asked.promise]);
  await kill(child);
  dead.resolve();
  await second.ear.untilEnded(1);
  expect([second.ear.texts.get(1), second.ear.ends.get(1)]).toEqual(["b instead", "completed"]);
});

test("P4 killed after its first text: what was shown stays, and nobody else's is put to it", async () => {
  const stage = await setWorkersStage({ panel: { graceMs: 60_000 } });
  const child = await startChild(stage, "a", "text");
  await stage.hire("b", () => new Promise(() => {}));
  const { ear } = await stage.ask();
  await ear.until(() => ear.texts.get(1) === "Partly");
  await kill(child);
  await until(() => !stage.connected("a"));
  expect(ear.ends.size).toBe(0);
  await startChild(stage, "a", "");
  await ear.untilEnded(1);
  expect([ear.texts.get(1), ear.ends.get(1)]).toEqual(["Partly", "worker_lost"]);
  const answers = (await stage.entries()).flatMap((one) => (one.kind === "answer" ? [one.text] : []));
  expect(answers).toEqual(["Partly"]);
});

test("a worker that takes its leave in mid-answer is not waited for", async () => {
  const stage = await setWorkersStage({ panel: { graceMs: 60_000 } });
  const one = await stage.hire("a", async function* () {
    yield "Partly";
    await new Promise(() => {});
  });
  const { ear } = await stage.ask();
  await ear.until(() => ear.texts.get(1) === "Partly");
  await one.close();
  await ear.untilEnded(1);
  expect(ear.ends.get(1)).toBe("worker_lost");
  await until(() => stage.panel.workers().length === 0);
});
