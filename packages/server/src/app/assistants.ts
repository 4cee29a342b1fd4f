import { channelOfConversation } from "@colloquy/protocol/channels";
import { matchesPattern } from "../auth/pattern.ts";
import type { RoomKind } from "../conversation/room-kind.ts";
import type { Room } from "../conversation/rooms.ts";
import type { Assistants } from "../conversation/surroundings.ts";
import type { Model } from "../models/model.ts";
import type { Tool } from "../tools/tool.ts";
import type { Assistant } from "../turn/assistant.ts";
import type { ChannelRule, Config } from "./config/resolve-config.ts";
import { roomAssistant } from "./room-assistant.ts";

export interface AssistantsOptions {
  /** Finds a model by its id; may throw a sentence for the operator. */
  readonly modelOf: (id: string) => Model;
  /** The tools of these names, as they are at the time of asking; may throw a sentence for the operator. */
  readonly toolsOf: (names: readonly string[]) => () => readonly Tool[];
  readonly roomKinds: ReadonlyMap<string, RoomKind>;
}

/**
 * Who answers where, by the configuration. On a channel where nobody answers nobody can be asked either; elsewhere every
 * assistant can be asked for by its id, and the channel's policy holds for whoever answers there. In the conversation of a
 * sequencer it is the sequencer that answers, and nobody by themselves in one that does not exist. In a room it is
 * the model that the message or the room names.
 */
export const createAssistants = (config: Config, options: AssistantsOptions): Assistants => {
  const { modelOf, toolsOf } = options;
  const known = new Map<string, Assistant>();
  for (const [id, { tools, ...plan }] of config.assistants)
    known.set(id, { ...plan, model: modelOf(plan.model), ...(tools && { tools: toolsOf(tools) }) });
  const ofSequencers = new Map<string, Assistant>();
  for (const [conversation, { tools: _, ...plan }] of config.sequencerAssistants)
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
  const roomTools = toolsOf(config.roomTools ?? ["*"]);

  const inRoom = (room: Room, id: string | undefined): Assistant | undefined => {
    if (id !== undefined && !id.includes(".")) return known.get(id);
    const [source = "", model = ""] = id === undefined ? [room.source, room.model] : id.split(/\.(.*)/s);
    const found = options.roomKinds.get(source)?.model(model);
    return found && roomAssistant(`${source}.${model}`, found, room, config, roomTools);
  };

  return {
    find(conversation, id, room) {
      if (room) return inRoom(room, id);
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
