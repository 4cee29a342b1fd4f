import type { ClientFrame } from "@colloquy/protocol/channels";
import type { Principal } from "../../auth/principal.ts";
import { toColloquyError } from "../../kernel/colloquy-error.ts";
import { answerFrame } from "./answers.ts";
import type { Connection } from "./connection.ts";
import { Subscription } from "./subscription.ts";
import { whoseToken } from "./whose-token.ts";

/** Looks again at what is read on this connection: a fresh token may grant less than the one before. */
const reviewReaders = (connection: Connection, principal: Principal): void => {
  for (const subscription of connection.subscriptions?.values() ?? []) {
    try {
      const attempt = new Subscription(connection, principal, { channel: subscription.channel });
      attempt.close();
    } catch (thrown) {
      connection.drop(subscription, toColloquyError(thrown));
    }
  }
};

/**
 * A first or a fresh token on the live socket. Running turns and readers are untouched, but for channels that may not be
 * read any more.
 */
export const authenticate = async (
  connection: Connection,
  frame: Extract<ClientFrame, { kind: "authenticate" }>,
): Promise<void> => {
  const { standing, context, principal: before } = connection;
  const { token, id } = frame;
  const principal = await whoseToken(context.authenticator, standing, token);
  if (connection.closing) return;
  connection.admit(principal);
  if (before && before !== principal) reviewReaders(connection, principal);
  const { user, expiresAt } = principal;
  const payload = {
    action: "authenticated",
    user,
    ...(expiresAt !== undefined && { expires_at: expiresAt / 1000 }),
    ...(id !== undefined && { id }),
  } as const;
  connection.answer(answerFrame("connection", payload, connection.old));
};
