import { isCode, parseCursor } from "@colloquy/protocol";
import { ClientError } from "../client-error.ts";
import type { Fields } from "../read-payload.ts";
import { refusalOf, word } from "./read-room.ts";

/** What has been told once more is here after this long, even where the newest entries are such that nothing tells of them. */
const quietMs = 1_000;

export interface OlderPagesOptions {
  /** Joins again, telling so many of the newest entries first; false when there is no connection. */
  readonly rejoin: (history: number, answered: (ack: Fields) => void) => boolean;
  /** The reader's place. */
  readonly cursor: () => string | undefined;
}

/**
 * Older history of a room. The wire tells the newest entries to who joins, so an older page is a join with more of them; what
 * is known is told again, which changes nothing.
 */
export interface OlderPages {
  /** Whether there is anything before what has been told. */
  readonly more: () => boolean;
  /** Resolves to whether there is still more, once the page is here. */
  load(limit: number): Promise<boolean>;
  /** Telling begins after this place. */
  began(cursor: string | undefined): void;
  /** Something was told. */
  told(): void;
  /** The connection is gone. */
  down(): void;
}

const numberOf = (cursor: string | undefined): number => parseCursor(cursor ?? "")?.n ?? 0;

interface Waiting {
  /** The newest entry that was known before: when it has been told again, all is told. */
  readonly head: number;
  joined: boolean;
  readonly done: () => void;
  readonly failed: (error: ClientError) => void;
}

export const createOlderPages = ({ rejoin, cursor }: OlderPagesOptions): OlderPages => {
  let begin = 0;
  let waiting: Waiting | undefined;
  let paging: Promise<boolean> | undefined;

  const ask = (limit: number): Promise<boolean> =>
    new Promise((resolve, reject) => {
      const head = numberOf(cursor());
      const settle = (then: () => void) => (): void => {
        clearTimeout(timer);
        waiting = undefined;
        then();
      };
      let timer: ReturnType<typeof setTimeout> | undefined;
      const mine: Waiting = {
        head,
        joined: false,
        done: settle(() => resolve(begin > 0)),
        failed: (error) => settle(() => reject(error))(),
      };
      waiting = mine;
      const asked = rejoin(head - begin + limit, (ack) => {
        if (waiting !== mine) return;
        if (ack["ok"] !== true) {
          const { code, message } = refusalOf(ack);
          mine.failed(new ClientError(isCode(code) ? code : "internal", message));
          return;
        }
        begin = numberOf(word(ack["cursor"]));
        mine.joined = true;
        timer = setTimeout(mine.done, quietMs);
      });
      if (!asked) mine.failed(new ClientError("unreachable"));
    });

  return {
    more: () => begin > 0,
    load(limit) {
      if (begin === 0) return Promise.resolve(false);
      paging ??= ask(limit).finally(() => {
        paging = undefined;
      });
      return paging;
    },
    began(place) {
      begin = numberOf(place);
    },
    told() {
      if (waiting?.joined === true && numberOf(cursor()) >= waiting.head) waiting.done();
    },
    down: () => waiting?.failed(new ClientError("unreachable")),
  };
};
