/**
 * A stand-in for an OpenAI-compatible provider, made to cost little: bare sockets, one shared tick, one constant
 * template. Each token says when it left. `PORT` is where it listens. The load tells it what to do by HTTP as well:
 * `POST /control/finish` ends all answers, `POST /control/step-back` lets the load go first,
 * `GET /control/digests` says what was sent.
 */
import { createServer, type Socket } from "node:net";
import { constants, setPriority } from "node:os";
import { createSharedClock } from "../stamp.ts";
import { openAnswer, type AnswerStream } from "./answer-stream.ts";
import { createRequestReader, type HttpRequest } from "./http-request.ts";
import { orderIn } from "./order.ts";

const clock = createSharedClock();
const answers = new Map<string, AnswerStream>();
let live: AnswerStream[] = [];

const tick = (): void => {
  const now = clock();
  for (const answer of live) answer.tick(now);
};
const sweep = (): void => {
  live = live.filter((answer) => !answer.ended());
};

const json = (socket: Socket, value: unknown, status = "200 OK"): void => {
  const body = JSON.stringify(value);
  socket.write(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
};

const handle = (socket: Socket, request: HttpRequest): void => {
  if (request.path === "/control/digests") {
    json(socket, Object.fromEntries([...answers].map(([key, answer]) => [key, answer.digest()])));
  } else if (request.path === "/control/finish") {
    for (const answer of live) answer.finish();
    sweep();
    json(socket, {});
  } else if (request.path === "/control/step-back") {
    setPriority(constants.priority.PRIORITY_LOW);
    json(socket, {});
  } else if (request.path.endsWith("/models")) {
    json(socket, { object: "list", data: [{ id: "bench", object: "model" }] });
  } else {
    const order = orderIn(request.body);
    if (!order) {
      json(
        socket,
        { error: { message: "That prompt places no order.", type: "invalid_request_error" } },
        "400 Bad Request",
      );
      return;
    }
    const answer = openAnswer(socket, order, clock());
    answers.set(order.key, answer);
    live.push(answer);
  }
};

const server = createServer({ noDelay: true }, (socket) => {
  socket.on(
    "data",
    createRequestReader((request) => handle(socket, request)),
  );
  socket.on("error", () => socket.destroy());
});
server.listen({ port: Number(process.env["PORT"]), host: "127.0.0.1", backlog: 4096 }, () => {
  setInterval(tick, 2);
  setInterval(sweep, 500);
});
