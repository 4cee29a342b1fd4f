import { isLoopbackHost } from "../../auth/admission.ts";
import { closest } from "../closest.ts";
import { showValue, type ConfigFault } from "./config-fault.ts";
import type { Gathered } from "./config-sources.ts";
import { settingFacts } from "./setting-facts.ts";
import { aboutSequencers } from "./sequencer-contradictions.ts";
import { planSequencers } from "./sequencer-plans.ts";
import type { SettingName, Settings } from "./settings.ts";

type NameOf = (key: SettingName) => string;

/** Whoever signs in, and whoever does not have to. */
const aboutAuth = (
  settings: Settings,
  given: Gathered,
  nameOf: NameOf,
  embedded: boolean,
): readonly ConfigFault[] => {
  const faults: ConfigFault[] = [];
  const hasAuth = given.has("jwtSecret") || given.has("jwksUrl");
  if (given.has("jwtSecret") && given.has("jwksUrl")) {
    faults.push({
      name: `${nameOf("jwtSecret")} and ${nameOf("jwksUrl")}`,
      wrong: "both are set, but tokens are checked by the one or the other, never by both",
      instead: "only one of them",
    });
  }
  for (const key of ["jwtAudience", "jwtIssuer"] as const) {
    if (!given.has(key) || hasAuth) continue;
    faults.push({
      name: nameOf(key),
      wrong: "it means nothing while no tokens are checked",
      instead: "JWT_SECRET or JWKS_URL beside it",
    });
  }
  if (!embedded && !hasAuth && !settings.allowAnonymous && !isLoopbackHost(settings.host)) {
    faults.push({
      name: nameOf("host"),
      wrong: `other machines can reach ${showValue(settings.host)}, and nobody would have to sign in`,
      instead:
        "127.0.0.1 there, or set JWT_SECRET or JWKS_URL; ALLOW_ANONYMOUS=1 if everybody really may do everything",
    });
  }
  return faults;
};

const aboutChannels = (
  settings: Settings,
  given: Gathered,
  nameOf: NameOf,
  hasTeam: boolean,
): readonly ConfigFault[] => {
  // As they were written: an assistant that is at fault is not missing as well.
  const named = Object.keys(given.get("assistants")?.value ?? {});
  const ids = [...(named.length > 0 ? named : ["default"]), ...(hasTeam ? ["team"] : []), "none"];
  return Object.entries(settings.channels)
    .filter(([, rule]) => !ids.includes(rule.assistant))
    .map(([pattern, rule]) => {
      // `none` is near to many a short word, and hardly what was meant.
      const meant = closest(rule.assistant, ids.slice(0, -1));
      return {
        name: nameOf("channels").replace("channels", `channels.${pattern}.assistant`),
        wrong: `there is no assistant ${showValue(rule.assistant)}`,
        instead: `${meant === undefined ? "" : `${meant}, if that was meant, or `}one of ${ids.join(", ")}`,
      };
    });
};

/** What no single setting shows. Of a setting that is itself at fault only whether it was given is known here. */
export const contradictions = (
  settings: Settings,
  given: Gathered,
  embedded: boolean,
): readonly ConfigFault[] => {
  const nameOf: NameOf = (key) => given.get(key)?.name ?? settingFacts[key].env ?? key;
  const plans = planSequencers(settings, !embedded && isLoopbackHost(settings.host));
  const faults = [
    ...aboutAuth(settings, given, nameOf, embedded),
    ...aboutChannels(settings, given, nameOf, plans.hasTeam),
    ...aboutSequencers(plans, nameOf, (key) => given.has(key)),
  ];
  if (settings.silenceSeconds <= settings.heartbeatSeconds) {
    faults.push({
      name: nameOf("silenceSeconds"),
      wrong: `${settings.silenceSeconds} seconds are over before a ping every ${settings.heartbeatSeconds} seconds can be answered`,
      instead: "a multiple of HEARTBEAT_SECONDS",
    });
  }
  return faults;
};
