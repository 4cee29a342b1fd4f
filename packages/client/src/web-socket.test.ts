import { expect, it } from "vitest";
import { WebSocket as Other } from "ws";
import { webSocketFrom } from "./web-socket.ts";

it("takes the WebSocket that is given, else the global one, and says so where there is neither", () => {
  expect(webSocketFrom(Other)).toBe(Other);
  expect(webSocketFrom(undefined)).toBe(WebSocket);
  expect(() => webSocketFrom(undefined, {})).toThrow("There is no global WebSocket here");
});
