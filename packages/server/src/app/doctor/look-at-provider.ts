import type { Config } from "../config/resolve-config.ts";
import { bad, good, mind, type Finding } from "./finding.ts";

const about = "provider";

/** Names that the provider lists; undefined where it answers in another way. */
const namesOf = async (answer: Response): Promise<readonly string[] | undefined> => {
  const body: unknown = await answer.json().catch(() => undefined);
  const data: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "data") : undefined;
  if (!Array.isArray(data)) return undefined;
  return data.map((item: unknown) =>
    String(typeof item === "object" && item !== null ? Reflect.get(item, "id") : item),
  );
};

const judge = async (answer: Response, host: string, wanted: readonly string[]): Promise<Finding> => {
  if (answer.status === 401 || answer.status === 403) {
    return bad(
      about,
      `${host} refused the key (${answer.status}).`,
      "Set OPENAI_API_KEY to a key of that provider.",
    );
  }
  if (!answer.ok) {
    const todo = "Set OPENAI_BASE_URL to where the interface begins; it mostly ends in /v1.";
    return mind(about, `${host} answered ${answer.status} when asked for its models.`, todo);
  }
  const names = await namesOf(answer);
  if (!names)
    return mind(
      about,
      `${host} answers, but not with a list of models.`,
      "Look whether OPENAI_BASE_URL ends as it should.",
    );
  const missing = wanted.filter((name) => !names.includes(name));
  if (missing.length === 0) return good(about, `${host} answers and knows ${wanted.join(", ")}.`);
  const some = names.slice(0, 5).join(", ");
  return mind(
    about,
    `${host} does not list ${missing.join(", ")}.`,
    `Set MODEL to one that it has: openai:… with ${some}.`,
  );
};

/** What a failed connection says underneath. */
const causeOf = (error: unknown): string => {
  const cause: unknown = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
};

/** Models that are here, or that are made of others. */
const ownIds = /^(demo|skill|sequencer):|^$/;

/** Of providers other than OpenAI it is known only that they could be asked: a model without key or package is a fault before. */
const sayOthers = (asked: readonly string[]): string | undefined => {
  const others = [...new Set(asked.filter((id) => !ownIds.test(id)))];
  return others.length > 0 ? `${others.join(", ")}: what is needed is set and installed.` : undefined;
};

/** Whether the provider of the configured models can be reached with the configured key. Asks for its list of models; costs nothing. */
export const lookAtProvider = async (config: Config, usualBaseUrl: string): Promise<Finding> => {
  const asked = [
    ...[...config.assistants.values()].map(({ model }) => model),
    ...[...config.sequencers.values()].flatMap(({ models, fallback = "" }) => [...models, fallback]),
  ];
  const wanted = asked
    .filter((model) => model.startsWith("openai:"))
    .map((model) => model.slice("openai:".length));
  if (wanted.length === 0) return good(about, sayOthers(asked) ?? `${config.model} needs none.`);
  const base = (config.openaiBaseUrl?.href ?? usualBaseUrl).replace(/\/+$/, "");
  const { host } = new URL(base);
  const headers: Record<string, string> = config.openaiApiKey
    ? { authorization: `Bearer ${config.openaiApiKey}` }
    : {};
  try {
    const answer = await fetch(`${base}/models`, { headers, signal: AbortSignal.timeout(5_000) });
    return await judge(answer, host, [...new Set(wanted)]);
  } catch (error) {
    const todo = "Look at OPENAI_BASE_URL, at whether that server runs, and at the network between.";
    return bad(about, `${host} cannot be reached: ${causeOf(error)}.`, todo);
  }
};
