import type { ConnectionState } from "@colloquy/client";
import type { JSX } from "react";
import { useNow } from "../clock/use-now.ts";
import { connectionWords, secondsUntil } from "./connection-words.ts";

const Countdown = ({ until }: { readonly until: number }): JSX.Element => (
  <>{secondsUntil(until, useNow(250))} s</>
);

interface Props {
  readonly state: ConnectionState;
  readonly onRetry: () => void;
}

/** Says that the connection is lost and when it is tried again; nothing at all while it is fine. */
export const ConnectionBar = ({ state, onRetry }: Props): JSX.Element => {
  const words = connectionWords(state);
  const spoken = { waiting: "Connection lost.", closed: words, idle: "", connecting: "", open: "" }[
    state.phase
  ];
  return (
    <>
      {words !== undefined && (
        <div className="connection-bar" data-phase={state.phase}>
          <span>
            {words}{" "}
            {state.retryAt !== undefined && state.phase === "waiting" && <Countdown until={state.retryAt} />}
          </span>
          {(state.phase === "waiting" || state.phase === "closed") && (
            <button type="button" className="link-button" onClick={onRetry}>
              Retry now
            </button>
          )}
        </div>
      )}
      {/* The countdown is not read out second by second. */}
      <span className="off-screen" role="status">
        {spoken}
      </span>
    </>
  );
};
