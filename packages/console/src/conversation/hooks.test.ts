import { useConversation, usePresence } from "@colloquy/client/react";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { closeAfterEach, startClient } from "../../../../tests/stand-ins/start-client.ts";

closeAfterEach();

test("the hooks show a place that is not open yet, on a server too", async () => {
  const { hub, client } = await startClient();
  const Lobby = (): string => {
    const { conversation, view } = useConversation(client, "lobby", { history: 5 });
    const { here, typing } = usePresence(undefined);
    return `${conversation?.channel ?? "none"} ${view.phase} ${view.turns.length} ${here.length} ${typing.length}`;
  };
  expect(renderToString(createElement(Lobby))).toBe("none loading 0 0 0");
  expect(hub.accepted).toBe(0);
});
