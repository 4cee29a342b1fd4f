import type { ClientFrame } from "@colloquy/protocol/channels";
import type { Principal } from "../../auth/principal.ts";
import { ColloquyError, toColloquyError } from "../../kernel/colloquy-error.ts";
import { answerFrame } from "./answers.ts";
import type { Connection } from "./connection.ts";
import { Subscription } from "./subscription.ts";

/** Looks again at what is read on this connection: a fresh token may grant less than the one before. */
const reviewReaders = (connection: Connection, principal: Principal): void => {
  for (const subscription of connection.subscriptions?.values() ?? []) {
    try {
      const attempt = new Subscription(connection, principal, { channel: subscription.channel });
      attempt.placed.catch(() => {});
      attempt.close();
    } catch (thrown) {
      connection.drop(subscription, toColloquyError(thrown));
    }
  }
};

/**
 * A first or a fresh token on the live socket. Running turns and readers are untouched, but for channels that may not be
 * read any more. The socket stays one user's: another one's token is refused.
 */
export const authenticate = async (
  connection: Connection,
  frame: Extract<ClientFrame, { kind: "authenticate" }>,
): Promise<void> => {
  const { standing, context, principal: before } = connection;
  const { token, id } = frame;
  // Only what came with the request may make someone anonymous, and that was looked at when it came.
  const request =
    standing.kind === "unknown" ? standing.credentials : { remoteAddress: undefined, headers: {} };
  const found = await context.authenticator.identify({ ...request, token });
  const principal = found ?? (before?.anonymous ? before : undefined);
  if (connection.closing) return;
  if (!principal) throw new ColloquyError("token_invalid");
  if (before && !before.anonymous && before.user !== principal.user) {
    throw new ColloquyError("not_allowed", {
      message: "That token is another user's; open a new connection for it.",
    });
  }
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
