// What embedding programs import.
export type { Colloquy } from "./app/colloquy.ts";
export { createColloquy, type ColloquyOptions } from "./app/create-colloquy.ts";
export {
  defineConfig,
  type AssistantSetting,
  type ChannelSetting,
  type ColloquyConfig,
  type SequencerSetting,
  type UdpSetting,
} from "./app/config/define-config.ts";

// Who may do what.
export { mintToken, type MintOptions } from "./auth/mint-token.ts";
export { everything, type Grants, type Principal } from "./auth/principal.ts";
export type { Action, AuthoriseHook } from "./conversation/authorise.ts";
export type { Conversations } from "./conversation/conversations.ts";
export type { ConversationHooks } from "./conversation/surroundings.ts";
export type { Policy } from "./turn/policy.ts";

// Rooms, and kinds of rooms of one's own.
export type { RoomKind } from "./conversation/room-kind.ts";
export type { Room, RoomEvent, RoomMessage, Rooms, RoomSettings, Seat } from "./conversation/rooms.ts";

// Tools of one's own.
export { clientTool, defineTool } from "./tools/define-tool.ts";
export type { Tool, ToolArguments, ToolContext } from "./tools/tool.ts";
export type { McpSetting } from "./tools/mcp/mcp-setting.ts";
export type { ToolsSetting } from "./tools/tools-setting.ts";

// Models of one's own, and those to build on.
export type {
  CatalogueModel,
  Model,
  ModelEvent,
  ModelMessage,
  ModelRequest,
  SignedReasoning,
  ToolCall,
  ToolSpec,
} from "./models/model.ts";
export type { Provider, Providers } from "./models/model-registry.ts";
export type { AiSdkLanguageModel, AiSdkProvider } from "./models/ai-sdk-port.ts";
export { createAiSdkModel, type AiSdkModelOptions } from "./models/ai-sdk-model.ts";
export type { CatalogueAdditions } from "./models/catalogue.ts";
export { createOpenAiModel, type OpenAiModelOptions } from "./models/openai-model.ts";
export { createRetryingModel, type RetryOptions } from "./models/retrying-model.ts";
export {
  createScriptedModel as scriptedModel,
  type Script,
  type ScriptedModel,
} from "./models/scripted-model.ts";

// Stores of one's own, and one that forgets.
export type { JournalRecord, JournalledText, LiveJournal } from "./stores/live-journal.ts";
export { createMemoryJournal } from "./stores/memory-journal.ts";
export { createMemoryStore } from "./stores/memory-store.ts";
export type { Append, LogHead, Store } from "./stores/store.ts";

export { systemClock, type Clock } from "./kernel/clock.ts";
export { ColloquyError } from "./kernel/colloquy-error.ts";
export { systemIds, type Ids } from "./kernel/ids.ts";
export type { Logger } from "./kernel/logger.ts";
export { createMeter, type Meter } from "./kernel/meter.ts";

// Models over UDP: the sequencer's verbs without a server, workers, and the panel of them.
export type { HistoryFacts, HistoryRow, Reply } from "@colloquy/protocol/sequencer";
export {
  createBroadcaster,
  type Broadcaster,
  type BroadcasterOptions,
  type ReceivedMessage,
} from "./models/udp-broadcaster.ts";
export { createUdpPanel, type UdpPanel, type UdpPanelOptions } from "./models/udp-panel.ts";
export {
  createUdpWorker,
  type UdpWorker,
  type UdpWorkerOptions,
  type WorkerAnswer,
  type WorkerPrompt,
} from "./models/udp-worker.ts";
