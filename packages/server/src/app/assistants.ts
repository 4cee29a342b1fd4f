import { channelOfConversation } from "@colloquy/protocol/channels";
import { matchesPattern } from "../auth/pattern.ts";
import type { Assistants } from "../conversation/surroundings.ts";
import type { Model } from "../models/model.ts";
import type { Assistant } from "../turn/assistant.ts";
import type { ChannelRule, Config } from "./config/resolve-config.ts";

/**
 * Who answers where, by the configuration. On a channel where nobody answers nobody can be asked either; elsewhere every
 * assistant can be asked for by its id, and the channel's policy holds for whoever answers there. In the conversation of a
 * sequencer it is the sequencer that answers, and nobody by themselves in one that does not exist.
 *
 * @param modelOf finds a model by its id; may throw a sentence for the operator
 */
export const createAssistants = (config: Config, modelOf: (id: string) => Model): Assistants => {
  const known = new Map<string, Assistant>();
  for (const [id, plan] of config.assistants) known.set(id, { ...plan, model: modelOf(plan.model) });
  const ofSequencers = new Map<string, Assistant>();
  for (const [conversation, plan] of config.sequencerAssistants)
    ofSequencers.set(conversation, { ...plan, model: modelOf(plan.model) });
  // Made once for each rule, so that an assistant is the same object from prompt to prompt.
  const ruled = new Map<ChannelRule, ReadonlyMap<string, Assistant>>();
  for (const rule of config.channels) {
    const policy = rule.policy;
    const here =
      policy === undefined
        ? known
        : new Map([...known].map(([id, assistant]) => [id, { ...assistant, policy }]));
    ruled.set(rule, here);
  }
  const ruleOf = (conversation: string): ChannelRule | undefined => {
    const channel = channelOfConversation(conversation);
    return config.channels.find((rule) => matchesPattern(rule.pattern, channel));
  };

  return {
    find(conversation, id) {
      const rule = ruleOf(conversation);
      const sequencer = rule ? undefined : ofSequencers.get(conversation);
      if (sequencer && (id === undefined || id === sequencer.id)) return sequencer;
      if (id === undefined && !rule && conversation.startsWith("seq:")) return undefined;
      if (rule && rule.assistant === undefined) return "none";
      const here = (rule && ruled.get(rule)) ?? known;
      return here.get(id ?? rule?.assistant ?? config.defaultAssistant);
    },
  };
};
