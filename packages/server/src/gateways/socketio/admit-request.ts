import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { codes, type Code } from "@colloquy/protocol";
import { admit, type AdmissionRules } from "../../auth/admission.ts";

/**
 * Why a request is not taken at all; undefined when it is. Looked at for each of them, on both transports: Socket.IO asks only
 * about the first of a connection. JSONP polling is not served: a script of any origin could read it with its visitor's
 * cookies, and browsers send no Origin along with that.
 */
export const refusalOf = (request: IncomingMessage, rules: AdmissionRules): Code | undefined => {
  const query = URL.parse(request.url ?? "", "http://any")?.searchParams;
  if (!query || query.has("j")) return "origin_refused";
  return admit(rules, { headers: request.headers, remoteAddress: request.socket.remoteAddress });
};

const bodyOf = (code: Code): string =>
  JSON.stringify({ code, message: codes[code].says, retry: codes[code].retry });

export const refuseRequest = (response: ServerResponse, code: Code): void => {
  response.writeHead(codes[code].http, { "content-type": "application/json", connection: "close" });
  response.end(bodyOf(code));
};

export const refuseUpgrade = (socket: Duplex, code: Code): void => {
  const body = bodyOf(code);
  const head = `HTTP/1.1 ${codes[code].http} Refused\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.once("error", () => socket.destroy());
  socket.once("finish", () => socket.destroy());
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
};
