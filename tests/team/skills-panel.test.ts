import { expect, test } from "vitest";
import {
  createSkillsPanel,
  type SkillsPanelOptions,
} from "../../packages/server/src/app/team/skills-panel.ts";
import { systemIds } from "../../packages/server/src/kernel/ids.ts";
import { silentLogger } from "../../packages/server/src/kernel/logger.ts";
import type { ModelRequest } from "../../packages/server/src/models/model.ts";
import type { PanelEvent } from "../../packages/server/src/models/panel.ts";
import { manualClock } from "../stand-ins/manual-clock.ts";

type BeginLife = NonNullable<SkillsPanelOptions["beginLife"]>;
type Life = Awaited<ReturnType<BeginLife>>;

/** A life that a test ends when it likes; what it is asked it answers with its number. */
const makeLife = (number: number) => {
  const ended = Promise.withResolvers<string>();
  let stops = 0;
  const panel: Life["panel"] = {
    ask(_request, hear) {
      queueMicrotask(() => hear({ type: "final", model: "skill", text: String(number) }));
      return { standDown() {}, over() {} };
    },
  };
  const life: Life = {
    panel,
    pid: number,
    ended: ended.promise,
    stop() {
      stops += 1;
      ended.resolve("stopped");
      return Promise.resolve();
    },
  };
  return { life, end: () => ended.resolve("SIGKILL"), stops: () => stops };
};

const request: ModelRequest = {
  conversation: "seq:team",
  turn: 1,
  promptId: "p",
  author: "ada",
  messages: [{ role: "user", text: "2+2" }],
};

const makeStage = (begin: (count: number) => Promise<Life>) => {
  const clock = manualClock();
  let begun = 0;
  const panel = createSkillsPanel({
    folder: ".",
    avoidPorts: new Set(),
    clock,
    ids: systemIds,
    logger: silentLogger,
    beginLife: () => begin((begun += 1)),
  });
  const ask = (): PanelEvent[] => {
    const heard: PanelEvent[] = [];
    panel.ask(request, (event) => heard.push(event));
    return heard;
  };
  /** Lets everything that is due on the loop happen. */
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 20; i += 1) await Promise.resolve();
  };
  return { clock, panel, ask, settled, begun: () => begun };
};

const answered = (number: number) => [{ type: "final", model: "skill", text: String(number) }];
const nobody = [{ type: "all-asked" }];

test("the process is started with the first prompt, once, and all that wait for it are asked", async () => {
  const { ask, settled, begun, panel } = makeStage((count) => Promise.resolve(makeLife(count).life));
  expect(begun()).toBe(0);
  const heard = [ask(), ask()];
  expect(heard).toEqual([[], []]);
  await settled();
  expect(heard).toEqual([answered(1), answered(1)]);
  expect([begun(), panel.pid]).toEqual([1, 1]);
});

test("P3 a process that ends is started again after a wait that grows, and prompts wait for it", async () => {
  const lives: ReturnType<typeof makeLife>[] = [];
  const stage = makeStage((count) => {
    const one = makeLife(count);
    lives.push(one);
    return Promise.resolve(one.life);
  });
  stage.ask();
  await stage.settled();
  for (let round = 1; round <= 4; round += 1) {
    lives.at(-1)?.end();
    await stage.settled();
    expect(lives.at(-1)?.stops()).toBe(1);
    const heard = stage.ask();
    stage.clock.advance(50 * 2 ** round - 1);
    await stage.settled();
    expect([heard, stage.begun()]).toEqual([[], round]);
    stage.clock.advance(200 * 2 ** round);
    await stage.settled();
    expect([heard, stage.begun()]).toEqual([answered(round + 1), round + 1]);
  }
});

test("P3 while it does not come up nobody is asked here, after a while, and others may answer", async () => {
  const { ask, settled, clock, begun } = makeStage(() => Promise.reject(new Error("no such program")));
  const heard = ask();
  await settled();
  clock.advance(9_999);
  await settled();
  expect(heard).toEqual([]);
  clock.advance(1);
  expect(heard).toEqual(nobody);
  expect(begun()).toBeGreaterThan(1);
});

test("P9 a prompt that was stopped while it waited is asked of nobody", async () => {
  const one = makeLife(1);
  const { panel, settled } = makeStage(() => Promise.resolve(one.life));
  const heard: PanelEvent[] = [];
  const asking = panel.ask(request, (event) => heard.push(event));
  asking.over();
  asking.over();
  await settled();
  expect(heard).toEqual([]);
});

test("a close ends the process, also one that is just coming up, and may be called twice", async () => {
  const one = makeLife(1);
  const coming = Promise.withResolvers<Life>();
  const { panel, ask, settled } = makeStage(() => coming.promise);
  const heard = ask();
  const closed = panel.close();
  coming.resolve(one.life);
  await closed;
  await panel.close();
  expect([heard, one.stops()]).toEqual([nobody, 1]);
  const late = ask();
  await settled();
  expect(late).toEqual(nobody);
});
