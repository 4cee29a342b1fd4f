import type { ConfigFault } from "./config-fault.ts";
import type { SequencerPlan, SequencerPlans, UdpPlan } from "./sequencer-plans.ts";
import type { SettingName } from "./settings.ts";

interface Fault extends ConfigFault {
  /** The part of the sequencer's section, and the setting of the environment that may have said it for `main`. */
  readonly part: string;
  readonly setting?: SettingName;
}

const aboutUdp = ({ name }: SequencerPlan, { ports, listenPort, lan, secret }: UdpPlan): readonly Fault[] => {
  const faults: Fault[] = [];
  if (ports.length === 0) {
    faults.push({
      part: "udp.ports",
      name,
      wrong: "no model's port is named",
      instead: "at least one port such as 6001",
    });
  }
  if (new Set(ports).size < ports.length) {
    const setting = "sequencerBroadcastPorts";
    faults.push({
      part: "udp.ports",
      setting,
      name,
      wrong: "a port is named twice",
      instead: "each port once",
    });
  }
  if (ports.includes(listenPort)) {
    faults.push({
      part: "udp.listenPort",
      setting: "sequencerListenPort",
      name,
      wrong: `prompts would be sent to ${listenPort}, where replies are heard`,
      instead: "a port that is none of the models'",
    });
  }
  if (lan && secret === undefined) {
    faults.push({
      part: "udp.lan",
      setting: "sequencerLan",
      name,
      wrong: "anyone on the network could answer in a model's place",
      instead: "SEQUENCER_SECRET (udp.secret) beside it, which the models must share",
    });
  }
  return faults;
};

const aboutOne = (plan: SequencerPlan): readonly Fault[] => {
  const { name, models, fallback, udp, workers, skills } = plan;
  const faults: Fault[] = udp ? [...aboutUdp(plan, udp)] : [];
  if (models.length === 0 && !udp && !workers && !skills) {
    faults.push({
      part: "",
      name,
      wrong: "it has nobody to ask",
      instead: "models, udp, workers: true or skills: true",
    });
  }
  for (const [part, ids] of [
    ["models", models],
    ["fallback", fallback === undefined ? [] : [fallback]],
  ] as const) {
    if (!ids.some((id) => id.startsWith("sequencer:"))) continue;
    faults.push({
      part,
      name,
      wrong: "a sequencer cannot ask a sequencer",
      instead: "the models of that one",
    });
  }
  if (new Set(models).size < models.length) {
    faults.push({ part: "models", name, wrong: "a model is named twice", instead: "each model once" });
  }
  return faults;
};

/** Ports that two sequencers want. 0 is as many ports as one likes. */
const sharedPorts = (plans: SequencerPlans["sequencers"]): readonly Fault[] => {
  const faults: Fault[] = [];
  const listening = new Map<string, string>();
  for (const { name, udp, ingressPort } of plans.values()) {
    for (const [part, port] of [
      ["udp.listenPort", udp?.listenPort],
      ["ingressPort", ingressPort],
    ] as const) {
      const other = listening.get(`${part} ${port}`);
      if (port === undefined || port === 0) continue;
      if (other !== undefined)
        faults.push({ part, name, wrong: `${other} has ${port} already`, instead: "a port of its own" });
      listening.set(`${part} ${port}`, name);
    }
  }
  return faults;
};

/** What is wrong with sequencers as a whole. */
export const aboutSequencers = (
  { sequencers }: SequencerPlans,
  nameOf: (key: SettingName) => string,
  isGiven: (key: SettingName) => boolean,
): readonly ConfigFault[] =>
  [...[...sequencers.values()].flatMap(aboutOne), ...sharedPorts(sequencers)].map(
    ({ part, setting, name, wrong, instead }) => ({
      name:
        name === "main" && setting !== undefined && isGiven(setting)
          ? nameOf(setting)
          : nameOf("sequencers").replace(
              "sequencers",
              ["sequencers", name, part].filter((one) => one !== "").join("."),
            ),
      wrong,
      instead,
    }),
  );
