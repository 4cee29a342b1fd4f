import type { IncomingMessage, ServerResponse } from "node:http";
import { codes, type Code } from "@colloquy/protocol";
import { admit, mayBeAnonymous, type AdmissionRules } from "../auth/admission.ts";
import { carriesKey } from "../auth/server-key.ts";
import type { Health } from "./health.ts";
import type { Metrics } from "./metrics.ts";

export interface StatusOptions {
  readonly health: Health;
  readonly metrics: Metrics;
  readonly admission: AdmissionRules;
  /** Opens the metrics to requests that do not come from this machine. */
  readonly serverKey?: string;
}

/** Answers a request, or gives false because it is for somebody else. */
export type AnswerRequest = (request: IncomingMessage, response: ServerResponse) => boolean;

const say = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, {
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
  });
  // Node leaves the body out by itself where the method is HEAD.
  response.end(body);
};

const refuse = (response: ServerResponse, code: Code): void =>
  say(response, codes[code].http, "application/json", JSON.stringify({ code, message: codes[code].says }));

/**
 * `/healthz`, `/readyz` and `/metrics`. The first two say nothing worth keeping, and are asked by an address rather than a
 * name, so whoever asks is answered. Metrics are for this machine, and for those with the server's key.
 */
export const answerStatus = ({ health, metrics, admission, serverKey }: StatusOptions): AnswerRequest => {
  const showReadiness = async (response: ServerResponse): Promise<void> => {
    const readiness = await health.ready();
    say(
      response,
      readiness.ready ? 200 : 503,
      "text/plain",
      readiness.ready ? `${["ready", ...readiness.details].join("\n")}\n` : `${readiness.reason}\n`,
    );
  };
  const showMetrics = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const knock = { headers: request.headers, remoteAddress: request.socket.remoteAddress };
    const refused = admit(admission, knock);
    if (refused) return refuse(response, refused);
    if (
      !mayBeAnonymous({ ...admission, anonymous: "loopback" }, knock) &&
      !carriesKey(request.headers.authorization, serverKey)
    ) {
      return refuse(response, "not_authenticated");
    }
    return say(response, 200, metrics.contentType, await metrics.text());
  };
  const failed = (response: ServerResponse) => (): void => {
    if (!response.headersSent) refuse(response, "internal");
  };

  return (request, response) => {
    if (request.method !== "GET" && request.method !== "HEAD") return false;
    switch (URL.parse(request.url ?? "", "http://any")?.pathname) {
      case "/healthz":
        say(response, 200, "text/plain", "alive\n");
        return true;
      case "/readyz":
        showReadiness(response).catch(failed(response));
        return true;
      case "/metrics":
        showMetrics(request, response).catch(failed(response));
        return true;
      default:
        return false;
    }
  };
};

/** The end of the line: nobody knows this address. */
export const answerNotFound = (response: ServerResponse): void => refuse(response, "not_found");
