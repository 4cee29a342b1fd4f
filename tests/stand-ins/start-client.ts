import { afterEach } from "vitest";
import {
  type Client,
  type ClientLog,
  type ClientOptions,
  type Conversation,
  createClient,
} from "@colloquy/client";
import { type Hub, type HubOptions, startHub } from "./hub.ts";
import { until } from "./until.ts";

const open: { close(): Promise<void> }[] = [];

/** To be called once in a test file: ends what {@link startClient} began. */
export const closeAfterEach = (): void => {
  afterEach(async () => {
    for (const one of open.splice(0).toReversed()) await one.close();
  });
};

/** A hub of its own and a client of it that does not wait long between tries. */
export const startClient = async (
  hubOptions: HubOptions = {},
  options: Partial<ClientOptions> = {},
): Promise<{ hub: Hub; client: Client; logs: ClientLog[] }> => {
  const hub = await startHub(hubOptions);
  open.push(hub);
  const logs: ClientLog[] = [];
  const client = createClient({
    url: hub.url,
    reconnect: { baseMs: 5, maxMs: 20 },
    onLog: (event) => logs.push(event),
    ...options,
  });
  open.push(client);
  return { hub, client, logs };
};

export const live = (conversation: Conversation): Promise<void> =>
  until(() => conversation.view().phase === "live");

export const turnOf = (conversation: Conversation, id: string) =>
  conversation.view().turns.find((turn) => turn.messageId === id);

/** What clients asked of a hub, in order; `plain` for frames without an action. */
export const actionsOf = (hub: Hub): readonly string[] =>
  hub.frames.map(({ payload }) =>
    typeof payload === "object" && payload !== null && "action" in payload ? String(payload.action) : "plain",
  );
