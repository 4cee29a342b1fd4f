import { closeCodes, codes } from "@colloquy/protocol";
import { parseWorkerFrame, type AuthenticateFrame, type RegisterFrame } from "@colloquy/protocol/workers";
import type { Principal } from "../../auth/principal.ts";
import { toColloquyError } from "../../kernel/colloquy-error.ts";
import { whoseToken } from "./whose-token.ts";
import type { WorkerConnection } from "./worker-connection.ts";

/** Takes the text frames of a worker in their order. Those behind an `authenticate` wait until that is decided. */
export const receiveWorkerFrame = (connection: WorkerConnection, text: string): void => {
  if (connection.backlog) connection.backlog.push(text);
  else begin(connection, text);
};

const begin = (connection: WorkerConnection, text: string): void => {
  const parsed = parseWorkerFrame(text);
  if (!parsed.ok) {
    connection.refuse(parsed, parsed.id);
    return;
  }
  const { frame } = parsed;
  switch (frame.type) {
    case "delta":
    case "claim":
    case "final":
    case "decline":
      if (connection.registered) connection.registered.seat.hear(frame);
      else connection.refuse({ code: "bad_frame", message: "Register first." }, frame.id);
      return;
    case "ping":
      connection.send({ type: "pong" });
      return;
    case "register":
      register(connection, frame);
      return;
    case "authenticate":
      void authenticate(connection, frame);
      return;
  }
};

const mayServe = ({ context }: WorkerConnection, { grants }: Principal, name: string): boolean =>
  context.matches(grants.serve ?? [], name);

const turnDown = (connection: WorkerConnection, name: string): void => {
  connection.refuse({ code: "not_allowed", message: `You may not answer as "${name}".` });
  connection.close(closeCodes.notAllowed, "not_allowed");
};

const register = (connection: WorkerConnection, frame: RegisterFrame): void => {
  const { standing, context } = connection;
  const { name, about, concurrency = 1, in_hand: inHand = [] } = frame;
  if (standing.kind !== "known") {
    connection.refuse({ code: "not_authenticated" });
    return;
  }
  if (connection.registered) {
    connection.refuse({ code: "bad_frame", message: "A connection is one worker, which registers once." });
    return;
  }
  if (!mayServe(connection, standing.principal, name)) {
    turnDown(connection, name);
    return;
  }
  const { user, anonymous } = standing.principal;
  // No user has an empty name, so nobody is taken for the anonymous one.
  const owner = anonymous ? "" : user;
  try {
    const more = about === undefined ? {} : { about };
    const seat = context.desk.register(connection, { name, owner, concurrency, inHand, ...more });
    if (connection.closing) seat.gone(false);
    else connection.registered = { name, seat };
  } catch (thrown) {
    const { code, message } = toColloquyError(thrown);
    connection.refuse({ code, message });
    connection.close(codes[code].reconnect ? closeCodes.slowDown : closeCodes.notAllowed, code);
  }
};

/** Whoever is behind the token: first, or again before the old one expires. */
const authenticate = async (connection: WorkerConnection, frame: AuthenticateFrame): Promise<void> => {
  const { standing, context } = connection;
  const { token, id } = frame;
  connection.backlog = [];
  connection.pause();
  try {
    const principal = await whoseToken(context.authenticator, standing, token);
    const { user, expiresAt } = principal;
    connection.admit(principal);
    connection.send({
      type: "authenticated",
      user,
      ...(expiresAt !== undefined && { expires_at: expiresAt / 1000 }),
      ...(id !== undefined && { id }),
    });
    const name = connection.registered?.name;
    if (name !== undefined && !mayServe(connection, principal, name)) turnDown(connection, name);
  } catch (thrown) {
    const error = toColloquyError(thrown);
    if (error.code === "internal") context.logger.error({ err: thrown }, "nobody can be identified");
    connection.refuse(error, id);
  }
  goOn(connection);
};

const goOn = (connection: WorkerConnection): void => {
  const waiting = connection.backlog ?? [];
  connection.backlog = undefined;
  for (const text of waiting) {
    if (connection.closing) return;
    // Behind another `authenticate` the rest waits again.
    receiveWorkerFrame(connection, text);
  }
  if (!connection.backlog) connection.resume();
};
