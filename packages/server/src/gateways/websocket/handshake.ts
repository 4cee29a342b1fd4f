import { STATUS_CODES, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { codes, type Code } from "@colloquy/protocol";
import { admit, type AdmissionRules } from "../../auth/admission.ts";
import type { Credentials } from "../../auth/authenticator.ts";

/** What an upgrade that is not taken is answered with. */
export interface UpgradeRefusal {
  readonly code: Code;
  /** HTTP status, if another than the code's. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers a request to upgrade in plain HTTP and ends its socket. */
export const refuseUpgrade = (
  socket: Duplex,
  { code, status = codes[code].http, headers = {} }: UpgradeRefusal,
): void => {
  const body = JSON.stringify({ code, message: codes[code].says, retry: codes[code].retry });
  const all: Readonly<Record<string, string | number>> = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    connection: "close",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.once("finish", () => socket.destroy());
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n${body}`);
};

const targetOf = (request: IncomingMessage): URL | null => URL.parse(request.url ?? "", "ws://any");

/** The path that a request asks for. */
export const pathOf = (request: IncomingMessage): string | undefined => targetOf(request)?.pathname;

/** Whether a request to upgrade is for us at all and from where it may come; undefined when it is. */
export const refusalOf = (
  request: IncomingMessage,
  path: string,
  rules: AdmissionRules,
): UpgradeRefusal | undefined => {
  if (pathOf(request) !== path) return { code: "not_found" };
  if (request.headers.upgrade?.toLowerCase() !== "websocket") {
    return { code: "bad_frame", status: 426, headers: { upgrade: "websocket" } };
  }
  const refused = admit(rules, { headers: request.headers, remoteAddress: request.socket.remoteAddress });
  return refused && { code: refused };
};

/** What came with the request that tells who is there. A token in the query counts only where the operator allows it. */
export const credentialsOf = (request: IncomingMessage, allowQueryToken: boolean): Credentials => {
  const token = allowQueryToken ? targetOf(request)?.searchParams.get("token") : undefined;
  return {
    remoteAddress: request.socket.remoteAddress,
    headers: request.headers,
    ...(token && { token }),
  };
};
