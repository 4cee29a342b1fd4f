import { ColloquyError } from "../kernel/colloquy-error.ts";
import { isFields, type Fields } from "./json-fields.ts";
import { brokenFault, refusalFault, sentenceFault, streamFault } from "./provider-fault.ts";
import { retryAfterMs } from "./retry-after.ts";

/** How far a call had come when something was thrown. */
export type Stage = "asking" | "streaming";

/** Deepest cause that is looked at. */
const deepest = 8;

const causesOf = (thrown: unknown): readonly unknown[] => {
  const causes: unknown[] = [];
  for (let at: unknown = thrown; at !== undefined && causes.length < deepest;) {
    causes.push(at);
    at = at instanceof Error ? at.cause : undefined;
  }
  return causes;
};

/** Codes of connections that were there and broke. */
const brokenCodes = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_ABORTED"]);

/**
 * Whatever a package of the AI SDK throws, or puts into its stream, as an error with one of our codes. Its errors are known
 * by their names: there may be several copies of their classes in one process.
 *
 * @param secrets what must not stand in an error
 * @param now milliseconds since the epoch
 */
export const aiSdkFault = (
  thrown: unknown,
  stage: Stage,
  secrets: readonly string[],
  now: number,
): ColloquyError => {
  const causes = causesOf(thrown);
  const own = causes.find((cause) => cause instanceof ColloquyError);
  if (own) return own;
  if (!(thrown instanceof Error)) return streamFault(thrown, secrets);
  const refused = causes.find(
    (cause): cause is Error & Fields =>
      cause instanceof Error &&
      isFields(cause) &&
      "statusCode" in cause &&
      typeof cause.statusCode === "number",
  );
  if (refused) return refusedFault(refused, secrets, now);
  const named = causes.find((cause) => cause instanceof Error && cause.name.startsWith("AI_"));
  const known = named instanceof Error ? knownFault(named, secrets) : undefined;
  if (known) return known;
  const broken = causes.findLast(
    (cause): cause is Error & { readonly code: string } =>
      cause instanceof Error && "code" in cause && typeof cause.code === "string",
  );
  if (broken) {
    const cutOff = stage === "streaming" || brokenCodes.has(broken.code);
    return brokenFault(cutOff ? "provider_cut_off" : "provider_unreachable", broken);
  }
  return new ColloquyError(stage === "streaming" ? "provider_cut_off" : "provider_failed", { cause: thrown });
};

/** `AI_APICallError`: the provider answered with a status. */
const refusedFault = (error: Error & Fields, secrets: readonly string[], now: number): ColloquyError => {
  const { statusCode, responseHeaders, responseBody } = error;
  const headers: Fields = isFields(responseHeaders) ? responseHeaders : {};
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === "string" ? value : undefined;
  };
  const status = Number(statusCode);
  if (status >= 200 && status < 300) return sentenceFault("provider_bad_stream", "", secrets, error);
  return refusalFault(
    {
      status,
      contentType: header("content-type") ?? "",
      body:
        typeof responseBody === "string"
          ? responseBody
          : JSON.stringify({ error: { message: error.message } }),
      retryAfterMs: retryAfterMs(header, now),
    },
    secrets,
  );
};

const knownFault = (error: Error, secrets: readonly string[]): ColloquyError | undefined => {
  switch (error.name) {
    case "AI_LoadAPIKeyError":
    case "AI_LoadSettingError":
      return sentenceFault("provider_key_refused", "its key is not set", secrets, error);
    case "AI_JSONParseError":
    case "AI_TypeValidationError":
    case "AI_InvalidResponseDataError":
      return sentenceFault("provider_bad_stream", "what it sent has no meaning", secrets, error);
    case "AI_EmptyResponseBodyError":
    case "AI_NoContentGeneratedError":
      return sentenceFault("provider_no_end", "it sent nothing", secrets, error);
    case "AI_NoSuchModelError":
    case "AI_UnsupportedFunctionalityError":
    case "AI_InvalidPromptError":
    case "AI_InvalidArgumentError":
      return sentenceFault("provider_refused", error.message, secrets, error);
    default:
      return undefined;
  }
};
