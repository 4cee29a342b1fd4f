import { STATUS_CODES, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { codes, type Code } from "@colloquy/protocol";
import { admit, type AdmissionRules } from "../../auth/admission.ts";
import type { Credentials } from "../../auth/authenticator.ts";

/** What an upgrade that is not taken is answered with. */
export interface UpgradeRefusal {
  readonly code: Code;
  /** HTTP status, if another than the code's. */
  readonly status?: number;
  /** A sentence, if there is a better one than the code's. */
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const bodyOf = ({ code, message = codes[code].says }: UpgradeRefusal): string =>
  JSON.stringify({ code, message, retry: codes[code].retry });

const onlyWebSocket = {
  code: "bad_frame",
  status: 426,
  message:
    "This address takes WebSocket connections only. If you came through a proxy, it must pass on the headers Upgrade and Connection.",
  headers: { upgrade: "websocket" },
} as const satisfies UpgradeRefusal;

/** Answers a request that does not ask to upgrade, on a path where that is all there is to do. */
export const answerUpgradeRequired = (response: ServerResponse): void => {
  const body = bodyOf(onlyWebSocket);
  response.writeHead(onlyWebSocket.status, {
    ...onlyWebSocket.headers,
    connection: "upgrade, close",
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  });
  response.end(body);
};

/** Answers a request to upgrade in plain HTTP and ends its socket. */
export const refuseUpgrade = (socket: Duplex, refusal: UpgradeRefusal): void => {
  const { code, status = codes[code].http, headers = {} } = refusal;
  const body = bodyOf(refusal);
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
  if (request.headers.upgrade?.toLowerCase() !== "websocket") return onlyWebSocket;
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
