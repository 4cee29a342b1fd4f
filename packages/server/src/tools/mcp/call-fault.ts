import type { McpSdk } from "./mcp-sdk.ts";

/** What a call that gave no result came to. */
export interface CallFault {
  /** For the model. */
  readonly says: string;
  /** The server may be gone or stuck; somebody should look. */
  readonly suspicious: boolean;
}

/** A server's own message is told, since it says what to do better; of its connection, only what became of it. */
export const callFault = (server: string, thrown: unknown, sdk: McpSdk): CallFault => {
  if (thrown instanceof sdk.ProtocolError)
    return { says: `${server} refused the call: ${thrown.message.slice(0, 1_000)}`, suspicious: false };
  if (!(thrown instanceof sdk.SdkError)) return { says: `${server} cannot be reached.`, suspicious: true };
  switch (thrown.code) {
    case sdk.SdkErrorCode.RequestTimeout:
      return { says: `${server} did not answer in time.`, suspicious: true };
    case sdk.SdkErrorCode.InvalidResult:
      return { says: `${server} sent a result that cannot be read.`, suspicious: false };
    case sdk.SdkErrorCode.UnsupportedResultType:
      return { says: `${server} wants to ask somebody something, which it cannot here.`, suspicious: false };
    default:
      return { says: `${server} went away during the call.`, suspicious: true };
  }
};
