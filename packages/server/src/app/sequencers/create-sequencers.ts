import type { Conversations } from "../../conversation/conversations.ts";
import { createTcpGateway } from "../../gateways/tcp/tcp-gateway.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Ids } from "../../kernel/ids.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { Meter } from "../../kernel/meter.ts";
import { createModelPanel } from "../../models/model-panel.ts";
import type { Model } from "../../models/model.ts";
import type { Panel } from "../../models/panel.ts";
import { createUdpPanel, type UdpPanel } from "../../models/udp-panel.ts";
import type { WorkerDesk } from "../../models/worker-desk.ts";
import { createWorkerPanel } from "../../models/worker-panel.ts";
import { createSequencerModel } from "../../sequencer/sequencer-model.ts";
import type { SequencerPlan, SkillsPlan, UdpPlan } from "../config/sequencer-plans.ts";
import { skillNames } from "../team/skills-order.ts";
import { createSkillsPanel, type SkillsPanel } from "../team/skills-panel.ts";
import { prepareFolder } from "../team/welcome-folder.ts";
import { createGates, gatedPanel, type Gate } from "./gates.ts";

export interface SequencersOptions {
  readonly plans: ReadonlyMap<string, SequencerPlan>;
  readonly skills: SkillsPlan;
  /** Finds the models that sequencers are made of; throws a sentence for the operator. */
  readonly modelOf: (id: string) => Model;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly meter: Meter;
}

/** Reads a count that grows; undefined where the system does not tell. */
type Read = () => number | undefined | Promise<number | undefined>;

/** All sequencers of a server, with what they listen on. */
export interface Sequencers {
  /** A sequencer as a model; undefined for an unknown name. */
  readonly model: (name: string) => Model | undefined;
  /** Where WebSocket workers report, if any sequencer asks them. */
  readonly desk: WorkerDesk | undefined;
  /** Ports that could not be had and the like, as sentences for the operator. */
  readonly faults: () => readonly string[];
  /** Datagrams that were dropped since the start, by `sequencer: reason`; `kernel` are those that the system threw away. */
  readonly dropped: Readonly<Record<string, Read>>;
  /** Breakouts that were not taken, by `sequencer: reason`; filled when their ports are opened. */
  readonly refused: Readonly<Record<string, Read>>;
  /** Ports that are listened on just now, by what for: `main replies`, `main breakouts`. */
  readonly ports: () => ReadonlyMap<string, number>;
  /** The process that has the skills, while there is one. */
  readonly skillsPid: () => number | undefined;
  /** Opens the ports on which replies are heard. */
  start(): Promise<void>;
  /** Takes the breakouts' prompts. */
  openIngress(conversations: Pick<Conversations, "prompt">): Promise<void>;
  /** Takes no more of them. */
  closeIngress(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

const udpPanelOf = (
  { ports, functions, echoes, secret, maxDatagram, ...plan }: UdpPlan,
  { clock, ids, logger }: SequencersOptions,
): UdpPanel =>
  createUdpPanel({
    ...plan,
    peers: ports.map((port) => {
      const purpose = functions.get(port);
      return { port, echoes, ...(purpose !== undefined && { function: purpose }) };
    }),
    ...(secret !== undefined && { secret }),
    ...(maxDatagram !== undefined && { maxDatagram }),
    clock,
    ids,
    logger,
  });

/** Whoever is on this machine may use the breakouts' port, for this one conversation. */
const breakout = (conversation: string) => ({
  user: "breakout",
  anonymous: true,
  grants: { read: [], prompt: [conversation], publish: [], stop: [] },
});

/** Counts that grow, to be read when somebody asks. */
const readers = (name: string, counts: Readonly<Record<string, number>>) =>
  Object.keys(counts).map((reason) => [`${name}: ${reason}`, () => counts[reason] ?? 0] as const);

export const createSequencers = (options: SequencersOptions): Sequencers => {
  const { plans, skills, modelOf, clock, ids, logger, meter } = options;
  const all = [...plans.values()];
  const replies = createGates(logger, clock);
  const breakouts = createGates(logger, clock);
  /** Gates of replies, by sequencer. */
  const udp = new Map<string, Gate & { readonly panel: UdpPanel }>();
  const ports = new Map<string, { readonly isOpen: () => boolean; readonly port: () => number }>();
  const refused: Record<string, Read> = {};
  const reserved = new Set<string>(skillNames);
  for (const { name, models, udp: plan } of all) {
    for (const id of models) reserved.add(id);
    if (!plan) continue;
    for (const purpose of plan.functions.values()) reserved.add(purpose);
    const panel = udpPanelOf(plan, options);
    udp.set(name, {
      panel,
      what: `sequencer ${name}, replies`,
      start: () => panel.start(),
      close: () => panel.close(),
    });
  }
  const isTaken = (name: string): boolean => reserved.has(name) || /^port \d+/.test(name);
  const workers = all.some((plan) => plan.workers) ? createWorkerPanel({ clock, ids, isTaken }) : undefined;
  const prepare = (): Promise<void> => (skills.isUsual ? prepareFolder(skills.folder) : Promise.resolve());
  const skillsPanel: SkillsPanel | undefined = all.some((plan) => plan.skills)
    ? createSkillsPanel({ ...skills, prepare, clock, ids, logger })
    : undefined;

  const panelsOf = ({ name, models, ...plan }: SequencerPlan): readonly Panel[] => {
    const gate = udp.get(name);
    return [
      ...models.map((id) => createModelPanel(id, modelOf(id))),
      ...(gate ? [gatedPanel(gate.panel, () => replies.isOpen(gate))] : []),
      ...(plan.skills && skillsPanel ? [skillsPanel] : []),
      ...(plan.workers && workers ? [workers] : []),
    ];
  };

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await breakouts.close();
    await skillsPanel?.close();
    await workers?.close();
    await replies.close();
  };

  return {
    model(name) {
      const plan = plans.get(name);
      if (!plan) return undefined;
      const { policy, deadlineMs, claimMs, fallback } = plan;
      return createSequencerModel({
        id: `sequencer:${name}`,
        panels: panelsOf(plan),
        policy,
        deadlineMs,
        claimMs,
        clock,
        ...(fallback !== undefined && { fallback: modelOf(fallback) }),
      });
    },
    desk: workers,
    faults: () => [...replies.faults(), ...breakouts.faults()],
    dropped: Object.fromEntries(
      Array.from(udp, ([name, { panel }]) => [
        ...readers(name, panel.dropped),
        [`${name}: kernel`, panel.kernelDrops] as const,
      ]).flat(),
    ),
    refused,
    ports: () =>
      new Map(
        Array.from(ports).flatMap(([what, { isOpen, port }]) => (isOpen() ? [[what, port()] as const] : [])),
      ),
    skillsPid: () => skillsPanel?.pid,
    async start() {
      for (const [name, gate] of udp) {
        ports.set(`${name} replies`, { isOpen: () => replies.isOpen(gate), port: () => gate.panel.port });
        await replies.open(gate);
      }
    },
    async openIngress(conversations) {
      for (const { name, ingressPort } of all) {
        if (ingressPort === undefined) continue;
        const conversation = `seq:${name}`;
        const principal = breakout(conversation);
        const gateway = createTcpGateway({
          conversations,
          principal,
          conversation,
          port: ingressPort,
          clock,
          ids,
          logger,
          meter,
        });
        const what = `sequencer ${name}, breakouts`;
        const gate: Gate = { what, start: () => gateway.start(), close: () => gateway.close() };
        Object.assign(refused, Object.fromEntries(readers(name, gateway.dropped)));
        ports.set(`${name} breakouts`, { isOpen: () => breakouts.isOpen(gate), port: () => gateway.port });
        await breakouts.open(gate);
      }
    },
    closeIngress: () => breakouts.close(),
    close: () => (closing ??= close()),
  };
};
