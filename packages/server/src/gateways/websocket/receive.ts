import type { ClientFrame } from "@colloquy/protocol/channels";
import { parseClientFrame } from "@colloquy/protocol/channels/parse";
import { ColloquyError } from "../../kernel/colloquy-error.ts";
import { aboutOf } from "./about-frame.ts";
import type { Connection } from "./connection.ts";

/** Starts what a frame asks for. What it returns, if anything is still to come, never rejects. */
export type CarryOut = (connection: Connection, frame: ClientFrame) => Promise<void> | undefined;

/** Commands of one connection that may be under way at once; then its socket is not read until some are done. */
const maxUnderWay = 256;

/**
 * Takes the text frames of a connection in their order: each one is begun before the next is looked at, so a publish finds
 * the subscription that came before it. A frame behind an `authenticate` waits until that is decided.
 */
export const createReceive = (carryOut: CarryOut): ((connection: Connection, text: string) => void) => {
  const mayGoOn = (connection: Connection): boolean =>
    !connection.authenticating && connection.underWay < maxUnderWay;

  const begin = (connection: Connection, text: string): void => {
    const parsed = parseClientFrame(text);
    if (!parsed.ok) {
      connection.refuse(parsed, parsed);
      return;
    }
    const { frame } = parsed;
    const authenticates = frame.kind === "authenticate";
    if (!authenticates && !connection.principal) {
      connection.refuse(aboutOf(frame), new ColloquyError("not_authenticated"));
      return;
    }
    const work = carryOut(connection, frame);
    if (!work) return;
    connection.underWay += 1;
    connection.authenticating ||= authenticates;
    if (!mayGoOn(connection) && !connection.backlog && !connection.closing) {
      connection.backlog = [];
      connection.pause();
    }
    void work.then(() => {
      connection.underWay -= 1;
      if (authenticates) connection.authenticating = false;
      goOn(connection);
    });
  };

  const goOn = (connection: Connection): void => {
    while (connection.backlog && mayGoOn(connection)) {
      const text = connection.backlog.shift();
      if (text === undefined) {
        connection.backlog = undefined;
        connection.resume();
      } else {
        begin(connection, text);
      }
    }
  };

  return (connection, text) => {
    if (connection.backlog) connection.backlog.push(text);
    else begin(connection, text);
  };
};
