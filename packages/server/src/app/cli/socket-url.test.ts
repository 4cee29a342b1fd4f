import { expect, test } from "vitest";
import { socketUrl } from "./socket-url.ts";

test.each([
  ["http://localhost:8080", "ws://localhost:8080/ws"],
  ["https://chat.example.com/#/c/team", "wss://chat.example.com/ws"],
  ["ws://localhost:8080", "ws://localhost:8080/ws"],
  ["ws://localhost:8080/ws", "ws://localhost:8080/ws"],
  ["wss://example.com/chat/ws?x=1", "wss://example.com/chat/ws?x=1"],
  ["http://[::1]:8080/ws", "ws://[::1]:8080/ws"],
  ["localhost:8080", undefined],
  ["ftp://localhost", undefined],
  ["nonsense", undefined],
])("P12 chat waited for ever at the address of the page: %s", (given, meant) => {
  expect(socketUrl(given)).toBe(meant);
});
