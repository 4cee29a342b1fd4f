import type { Code } from "@colloquy/protocol";
import { ColloquyError } from "../kernel/colloquy-error.ts";
import { isFields } from "./json-fields.ts";

/** Longest detail that is passed on from a provider, in UTF-16 code units. */
const detailLength = 300;

/** What a provider answered in place of a stream. */
export interface Refusal {
  readonly status: number;
  readonly contentType: string;
  /** The beginning of the body, as text. */
  readonly body: string;
  readonly retryAfterMs: number | undefined;
}

/**
 * A refusal as an error whose detail anyone may read: the provider's own sentence, shortened, without anything that looks
 * like a key. What is in `secrets` is taken out wherever it stands.
 */
export const refusalFault = (refusal: Refusal, secrets: readonly string[]): ColloquyError => {
  const said = wordsOf(parsed(refusal.body));
  const code = codeOf(refusal.status, said.kind, said.sentence);
  const retryAfterMs = refusal.retryAfterMs ?? delayIn(refusal.body);
  // What a provider says about a key mostly quotes the key.
  const sentence = code === "provider_key_refused" ? "" : said.sentence;
  const status = `HTTP ${refusal.status}`;
  return new ColloquyError(code, {
    detail: sentence === "" ? status : `${status}: ${safe(sentence, secrets)}${adviceOn(sentence)}`,
    cause: new Error(`${status}: ${redacted(refusal.body, secrets)}`),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
};

/** Google says how long to wait in the body. */
const delayIn = (body: string): number | undefined => {
  const seconds = /"retryDelay"\s*:\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1];
  return seconds === undefined ? undefined : Math.ceil(Number(seconds) * 1_000);
};

const adviceOn = (sentence: string): string =>
  /\bnot support\w* (tools?|function)/i.test(sentence) ? " (give it no tools, or take another model)" : "";

/** An answer of status 200 that is no event stream: a web page, plain JSON, nothing. */
export const notAStreamFault = (refusal: Refusal, secrets: readonly string[]): ColloquyError => {
  const title = /<title[^>]*>([^<]*)/i.exec(refusal.body)?.[1]?.trim();
  const what = refusal.contentType === "" ? "nothing that says what it is" : refusal.contentType;
  const sentence = wordsOf(parsed(refusal.body)).sentence || (title ?? "");
  return new ColloquyError("provider_not_a_stream", {
    detail: safe(
      `it sent ${what}${sentence === "" ? "" : ` (${sentence})`}; is the base URL right?`,
      secrets,
    ),
    cause: new Error(`HTTP ${refusal.status} ${refusal.contentType}: ${redacted(refusal.body, secrets)}`),
  });
};

/** An error object in the middle of a stream. */
export const streamFault = (error: unknown, secrets: readonly string[]): ColloquyError => {
  const said = wordsOf(error);
  const code = codeOf(said.status, said.kind, said.sentence);
  const quiet = said.sentence === "" || code === "provider_key_refused";
  return new ColloquyError(code, {
    ...(quiet ? {} : { detail: safe(said.sentence, secrets) }),
    cause: new Error(`in the stream: ${redacted(shown(error), secrets)}`),
  });
};

/** Packages put anything into their streams. */
const shown = (error: unknown): string => {
  try {
    return JSON.stringify(error) ?? String(error);
  } catch {
    return "something that cannot be shown";
  }
};

/** A fault that somebody else has recognised, with what was said about it; an empty sentence gives no detail. */
export const sentenceFault = (
  code: Code,
  sentence: string,
  secrets: readonly string[],
  cause: Error,
): ColloquyError =>
  new ColloquyError(code, {
    ...(sentence === "" ? {} : { detail: safe(sentence, secrets) }),
    cause: new Error(redacted(`${cause.name}: ${cause.message}`, secrets)),
  });

/** A connection that could not be made (`provider_unreachable`) or that broke (`provider_cut_off`). */
export const brokenFault = (
  code: "provider_unreachable" | "provider_cut_off",
  cause: Error,
): ColloquyError => {
  const name = "code" in cause && typeof cause.code === "string" ? cause.code : cause.name;
  if (name === "UND_ERR_INVALID_ARG") return new ColloquyError("internal", { cause });
  // Whatever answered does not speak HTTP.
  const bad = cause.name === "HTTPParserError" || name === "UND_ERR_HEADERS_OVERFLOW";
  return new ColloquyError(bad ? "provider_bad_stream" : code, { detail: name, cause });
};

/** Many have no name for it, only a sentence: Anthropic, Google, xAI, Bedrock, vLLM and Ollama, in this order. */
const saysTooLong =
  /prompt is too long|input token count.{0,40}exceeds|maximum prompt length|input is too long|maximum context length|exceeds? the (available )?context (size|length|window)/i;
/** Google and xAI tell it as a bad request. */
const saysBadKey = /api key (not valid|expired)|(invalid|incorrect) api key/i;

/** The code of a refusal: what the provider calls it goes before its status, which is often only roughly right. */
const codeOf = (status: number | undefined, kind: string, sentence: string): Code => {
  if (/content_?filter|content_policy|responsible_?ai|moderation/.test(kind)) return "provider_filtered";
  if (/context_length|context_window|prompt_too_long/.test(kind)) return "context_too_long";
  const isRequest = status === undefined || (status >= 400 && status < 429);
  if (isRequest && saysTooLong.test(sentence)) return "context_too_long";
  if (isRequest && saysBadKey.test(sentence)) return "provider_key_refused";
  // Also told as 429, but asking again later does not help.
  if (/insufficient_quota|billing/.test(kind)) return "provider_refused";
  if (status === 401 || status === 403) return "provider_key_refused";
  if (status === 429) return "provider_busy";
  if (status !== undefined && (status === 408 || status >= 500)) return "provider_failed";
  if (status !== undefined && status >= 300 && status < 400) return "provider_not_a_stream";
  if (status !== undefined && status >= 400) return "provider_refused";
  if (/api_key|authentication|permission/.test(kind)) return "provider_key_refused";
  if (/rate_?limit|overloaded|too_many_requests/.test(kind)) return "provider_busy";
  if (/invalid_request|bad_?request|not_found/.test(kind)) return "provider_refused";
  return "provider_failed";
};

interface Words {
  readonly sentence: string;
  /** Every name that the provider gives to the kind of fault, lower case. */
  readonly kind: string;
  readonly status: number | undefined;
}

/** Where servers put what went wrong: `{error: {message, type, code}}`, `{error: "…"}`, `{message}`, `{detail}`. */
const wordsOf = (body: unknown): Words => {
  if (typeof body === "string") return { sentence: body, kind: "", status: undefined };
  if (!isFields(body)) return { sentence: "", kind: "", status: undefined };
  const inner = body["error"];
  if (isFields(inner)) return wordsOf(inner);
  const sentence = [inner, body["message"], body["detail"], body["msg"]].find(
    (value) => typeof value === "string",
  );
  const kinds = [body["code"], body["type"]].filter((value) => typeof value === "string");
  const status = [body["code"], body["status"], body["status_code"]]
    .map(Number)
    .find((n) => n >= 400 && n < 600);
  return { sentence: sentence ?? "", kind: kinds.join(" ").toLowerCase(), status };
};

const parsed = (body: string): unknown => {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
};

const redacted = (text: string, secrets: readonly string[]): string => {
  let out = text;
  for (const secret of secrets) if (secret.length > 3) out = out.replaceAll(secret, "…");
  return out.replaceAll(/\b(?:Bearer\s+|(?:sk|pk|gsk|hf|xai|org|proj|key)[-_])[\w.*~+/=-]{4,}/gi, "…");
};

const safe = (sentence: string, secrets: readonly string[]): string => {
  const line = redacted(sentence, secrets).replaceAll(/\s+/g, " ").trim();
  return (line.length > detailLength ? `${line.slice(0, detailLength - 1)}…` : line).toWellFormed();
};
