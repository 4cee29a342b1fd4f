export { type Code, type ConversationSummary, type Usage, codes } from "@colloquy/protocol";
export {
  type Json,
  type Mode,
  channelOfConversation,
  conversationOfChannel,
} from "@colloquy/protocol/channels";
export { type BackoffPolicy, backoff } from "./backoff.ts";
export type {
  Client,
  ClientLog,
  ClientOptions,
  ClientTimes,
  ConnectionState,
  ConversationOptions,
  ConversationsQuery,
  WireFrame,
} from "./client.ts";
export { type CallState, type CallView, isOpenCall } from "./call.ts";
export { ClientError } from "./client-error.ts";
export type { AskedModel, Contest, LateReply, ModelReply, ModelStanding } from "./contest.ts";
export type {
  Conversation,
  ConversationEvent,
  ConversationView,
  PromptOptions,
  TurnError,
  TurnFile,
  TurnState,
  TurnView,
} from "./conversation.ts";
export type { WebSocketConstructor, WebSocketLike } from "./web-socket.ts";
export {
  type ConversationState,
  emptyConversation,
  foldRefused,
  foldSending,
  withPhase,
} from "./conversation-state.ts";
export { createClient } from "./create-client.ts";
export { foldFrame } from "./fold-frame.ts";
export { type AnswerPiece, readAnswerPieces } from "./answer-piece.ts";
export { createPublisher } from "./create-publisher.ts";
export { type AnswerTarget, type PublishedAnswer, publishAnswer } from "./publish-answer.ts";
export type { ModelWorker, WorkerLog, WorkerOptions, WorkerPrompt, WorkerReply } from "./model-worker.ts";
export type { WorkerMessage } from "@colloquy/protocol/workers";
export { worker } from "./worker.ts";
export type { Publisher, PublisherFailure, PublisherOptions, RetryPolicy } from "./publisher.ts";
