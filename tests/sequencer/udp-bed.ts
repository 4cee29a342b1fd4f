import { afterEach } from "vitest";
import type { NoteEntry } from "../../packages/protocol/src/index.ts";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import {
  createUdpPanel,
  type UdpPanel,
  type UdpPanelOptions,
} from "../../packages/server/src/models/udp-panel.ts";
import { createUdpWorker, type UdpWorkerOptions } from "../../packages/server/src/models/udp-worker.ts";
import {
  createSequencerModel,
  type SequencerOptions,
} from "../../packages/server/src/sequencer/sequencer-model.ts";
import type { Policy } from "../../packages/server/src/turn/policy.ts";
import { ada, makeBed, type Bed } from "../heart/bed.ts";
import type { Ear } from "../heart/ear.ts";
import { freeUdpPort } from "./free-udp-port.ts";

export interface UdpBed extends Bed {
  readonly panel: UdpPanel;
  readonly ear: Ear;
  /** Asks; resolves to the turn. */
  readonly ask: (text: string) => Promise<number>;
  /** Asks, and resolves to the answer or, of a turn that did not complete, its code. */
  readonly answer: (text: string) => Promise<string | undefined>;
  readonly notes: (about: NoteEntry["about"]) => Promise<readonly NoteEntry[]>;
}

const open: { close(): Promise<void> }[] = [];

/** To be called once in a test file: closes what was opened here, the last first. */
export const closeAfterEach = (): void => {
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close();
  });
};

/** Closes it after the test. */
export const lent = <T extends { close(): Promise<void> }>(one: T): T => {
  open.push(one);
  return one;
};

export const conversation = "seq:main";

/** A real heart whose one assistant is a sequencer over the models behind these ports. */
export const makeUdpBed = async (
  panelOptions: Partial<UdpPanelOptions>,
  options: Partial<SequencerOptions> & { readonly turns?: Policy } = {},
): Promise<UdpBed> => {
  const panel = lent(
    createUdpPanel({ peers: [], listenPort: 0, settleMs: 20, quarantineMs: 100, ...panelOptions }),
  );
  await panel.start();
  const model = createSequencerModel({
    id: "sequencer:main",
    panels: [panel],
    policy: "first",
    deadlineMs: 10_000,
    claimMs: 1_000,
    clock: systemClock,
    ...options,
  });
  const bed = await makeBed({ model, contextExchanges: 5, policy: options.turns ?? "queue" });
  const { ear } = bed.listen(conversation);
  const ask = async (text: string): Promise<number> => {
    const accepted = await bed.heart.prompt(ada, conversation, { text });
    return accepted.turn;
  };
  return {
    ...bed,
    panel,
    ear,
    ask,
    async answer(text) {
      const turn = await ask(text);
      await ear.untilEnded(turn);
      const end = ear.ends.get(turn);
      return end === "completed" ? ear.texts.get(turn) : end;
    },
    async notes(about) {
      const { entries } = await bed.heart.history(ada, conversation, { limit: 200 });
      return entries.flatMap((entry) => (entry.kind === "note" && entry.about === about ? [entry] : []));
    },
  };
};

/** A worker of ours on a port of its own. */
export const startWorker = async (options: Partial<UdpWorkerOptions> & Pick<UdpWorkerOptions, "replyTo">) => {
  const worker = lent(createUdpWorker({ port: 0, name: "Worker", respond: () => undefined, ...options }));
  await worker.start();
  return worker;
};

/** Workers of ours that answer so, and a sequencer that asks them. */
export const makeTeam = async (
  responds: readonly UdpWorkerOptions["respond"][],
  panelOptions: Partial<UdpPanelOptions> = {},
  options: Parameters<typeof makeUdpBed>[1] = {},
) => {
  const listenPort = await freeUdpPort();
  const { secret } = panelOptions;
  const workers = await Promise.all(
    responds.map((respond) =>
      startWorker({ replyTo: listenPort, respond, ...(secret !== undefined && { secret }) }),
    ),
  );
  const peers = workers.map(({ port }) => ({ port }));
  const bed = await makeUdpBed({ peers, listenPort, ...panelOptions }, options);
  return { ...bed, workers };
};
