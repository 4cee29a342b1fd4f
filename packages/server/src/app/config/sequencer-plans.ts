import path from "node:path";
import type { Settings } from "./settings.ts";

/** Models behind UDP ports. */
export interface UdpPlan {
  readonly ports: readonly number[];
  readonly listenPort: number;
  readonly address: string;
  readonly generation: 1 | 2;
  /** What the model of a port is for. */
  readonly functions: ReadonlyMap<number, string>;
  readonly maxDatagram?: number;
  readonly secret?: string;
  readonly lan: boolean;
  /** They are known to repeat ids. */
  readonly echoes: boolean;
}

/** A sequencer with nothing left open but the models themselves. */
export interface SequencerPlan {
  readonly name: string;
  /** Ids of models that are asked beside those that come by themselves. */
  readonly models: readonly string[];
  readonly policy: "first" | "all";
  readonly deadlineMs: number;
  readonly claimMs: number;
  /** Id of the model that is asked when nobody took the prompt. */
  readonly fallback?: string;
  readonly udp?: UdpPlan;
  /** TCP port of breakouts. */
  readonly ingressPort?: number;
  /** Workers that register by WebSocket are asked too. */
  readonly workers: boolean;
  /** The skills are asked too, by UDP, in a process of their own. */
  readonly skills: boolean;
  /** How many exchanges go along with a prompt; all that fit when left out. */
  readonly contextExchanges?: number;
}

/** What the skills need to know. */
export interface SkillsPlan {
  /** The folder whose files may be read. */
  readonly folder: string;
  /** Nobody chose it: it is made, with a word of welcome in it. */
  readonly isUsual: boolean;
  /** UDP ports that belong to others, whether they are taken just now or not. */
  readonly avoidPorts: ReadonlySet<number>;
}

export interface SequencerPlans {
  readonly sequencers: ReadonlyMap<string, SequencerPlan>;
  readonly skills: SkillsPlan;
  /** The assistant of that name is ours to make. */
  readonly hasTeam: boolean;
}

type SequencerSetting = Settings["sequencers"][string];

/** As existing sequencers have it. */
const usual = {
  ingressPort: 65_000,
  listenPort: 5_000,
  ports: [5_001, 5_002, 5_003],
  deadline: 30,
  claim: 10,
};
/** Exchanges that prompts of a generation carry. */
const historyRows = { 1: 5, 2: 3 } as const;

const team: SequencerPlan = {
  name: "team",
  models: [],
  policy: "first",
  deadlineMs: 15_000,
  claimMs: usual.claim * 1_000,
  fallback: "demo:team",
  workers: true,
  skills: true,
  contextExchanges: 5,
};

const isMainOn = (settings: Settings): boolean =>
  settings.sequencerEnabled ??
  (settings.sequencers["main"] !== undefined ||
    Object.entries(settings).some(([name, value]) => /^sequencer[A-Z]/.test(name) && value !== undefined));

const udpOf = (
  given: Exclude<SequencerSetting["udp"], false>,
  settings: Settings,
  isMain: boolean,
): UdpPlan | undefined => {
  if (given === undefined && !isMain) return undefined;
  const main = isMain ? settings : undefined;
  const maxDatagram = given?.maxDatagram ?? main?.sequencerMaxDatagram;
  const secret = given?.secret ?? main?.sequencerSecret;
  return {
    ports: given?.ports ?? main?.sequencerBroadcastPorts ?? (isMain ? usual.ports : []),
    listenPort: given?.listenPort ?? main?.sequencerListenPort ?? (isMain ? usual.listenPort : 0),
    address: given?.address ?? main?.sequencerBroadcastAddress ?? "127.0.0.1",
    generation: given?.generation ?? main?.sequencerGeneration ?? 1,
    functions: new Map(
      Object.entries(given?.functions ?? main?.sequencerFunctions ?? {}).map(([port, name]) => [
        Number(port),
        name,
      ]),
    ),
    lan: given?.lan ?? main?.sequencerLan ?? false,
    echoes: given?.echoes ?? false,
    ...(maxDatagram !== undefined && { maxDatagram }),
    ...(secret !== undefined && { secret }),
  };
};

const planOf = (name: string, given: SequencerSetting, settings: Settings): SequencerPlan => {
  const isMain = name === "main";
  const udp = given.udp === false ? undefined : udpOf(given.udp, settings, isMain);
  const ingress =
    given.ingressPort ?? (isMain ? (settings.sequencerIngressPort ?? usual.ingressPort) : false);
  const deadline = given.deadline ?? (isMain ? settings.sequencerDeadline : undefined) ?? usual.deadline;
  return {
    name,
    models: given.models ?? [],
    policy: given.policy ?? "first",
    deadlineMs: deadline * 1_000,
    claimMs: (given.claim ?? usual.claim) * 1_000,
    workers: given.workers ?? isMain,
    skills: given.skills ?? false,
    ...(given.fallback !== undefined && { fallback: given.fallback }),
    ...(udp && { udp, contextExchanges: historyRows[udp.generation] }),
    ...(ingress !== false && { ingressPort: ingress }),
  };
};

/**
 * Which sequencers there are. `main` is there when anything is said of it; the team when only this machine is served, unless
 * somebody says otherwise or has one of their own.
 *
 * @param byItself the server listens by itself, and only for this machine
 */
export const planSequencers = (settings: Settings, byItself: boolean): SequencerPlans => {
  const given = new Map(Object.entries(settings.sequencers));
  if (!isMainOn(settings)) given.delete("main");
  else if (!given.has("main")) given.set("main", {});
  const plans = new Map([...given].map(([name, one]) => [name, planOf(name, one, settings)]));
  const taken = given.has("team") || settings.assistants["team"] !== undefined;
  const hasTeam = (settings.team ?? byItself) && !taken;
  if (hasTeam) plans.set("team", team);
  const ports = [...plans.values()].flatMap(({ udp }) => (udp ? [...udp.ports, udp.listenPort] : []));
  return {
    sequencers: plans,
    skills: {
      folder: settings.teamFolder ?? path.join(settings.dataDir, "files"),
      isUsual: settings.teamFolder === undefined,
      avoidPorts: new Set([...usual.ports, usual.listenPort, usual.ingressPort, ...ports]),
    },
    hasTeam,
  };
};
