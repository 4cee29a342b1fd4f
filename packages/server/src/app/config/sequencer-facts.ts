import type { SettingFact } from "./setting-fact.ts";
import type { sequencerSettings } from "./sequencer-settings.ts";

/** What an operator needs to know of the settings of sequencers. Any that is set turns the sequencer `main` on. */
export const sequencerFacts: Readonly<Record<keyof typeof sequencerSettings, SettingFact>> = {
  sequencerEnabled: {
    env: "SEQUENCER_ENABLED",
    usual: "1 when any setting of sequencers is set",
    instead: "1 to serve the sequencer main with its usual ports, 0 to leave it out whatever else is set",
  },
  sequencerIngressPort: {
    env: "SEQUENCER_INGRESS_PORT",
    usual: "65000",
    instead: "the TCP port on which breakouts are heard, such as 65000; 0 takes any free one",
  },
  sequencerListenPort: {
    env: "SEQUENCER_LISTEN_PORT",
    usual: "5000",
    instead: "the UDP port on which models reply, such as 5000; 0 takes any free one",
  },
  sequencerBroadcastPorts: {
    env: "SEQUENCER_BROADCAST_PORTS",
    usual: "5001,5002,5003",
    instead: "the UDP ports of the models, with commas between: 5001,5002,5003",
  },
  sequencerBroadcastAddress: {
    env: "SEQUENCER_BROADCAST_ADDRESS",
    usual: "127.0.0.1",
    instead: "where prompts are sent: 127.0.0.1, or a broadcast address such as 127.255.255.255",
  },
  sequencerGeneration: {
    env: "SEQUENCER_GENERATION",
    usual: "1",
    instead: "1 for prompts as the first sequencers sent them, 2 for those with current_prompt",
  },
  sequencerDeadline: {
    env: "SEQUENCER_DEADLINE",
    usual: "30",
    instead: "how many seconds models have to take a prompt, such as 30",
  },
  sequencerMaxDatagram: {
    env: "SEQUENCER_MAX_DATAGRAM",
    usual: "1024; 4096 in generation 2",
    instead: "the longest datagram that models read whole, in bytes, such as 1024",
  },
  sequencerSecret: {
    env: "SEQUENCER_SECRET",
    instead: "at least 16 bytes that sequencer and models share, to sign their datagrams with",
    secret: true,
  },
  sequencerFunctions: {
    env: "SEQUENCER_FUNCTIONS",
    instead: "what the model of each port is for: 5001=weather,5002=music",
  },
  sequencerLan: {
    env: "SEQUENCER_LAN",
    usual: "0",
    instead: "1 to take replies from other machines too, else 0",
  },
  sequencers: {
    instead:
      "{ name: { models: [], policy, deadline, claim, fallback, udp: { ports, listenPort }, ingressPort, workers, skills } }",
  },
  team: {
    env: "TEAM",
    usual: "1 on loopback",
    instead: "1 to have the assistant team (four skills that need no key), else 0",
  },
  teamFolder: {
    env: "TEAM_FOLDER",
    usual: "files in the data folder",
    instead: "the folder whose files the team may read, such as ./docs",
  },
};
