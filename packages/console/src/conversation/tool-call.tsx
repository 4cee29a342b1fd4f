import type { CallView } from "@colloquy/client";
import { type JSX, useState } from "react";
import { useNow } from "../clock/use-now.ts";
import { Icon } from "../parts/icon.tsx";
import { argumentsLine, argumentsText, callWords } from "./call-words.ts";

/** Grants or denies a call; resolves to why that was not possible. */
export type Decide = (callId: string, granted: boolean) => Promise<string | undefined>;

interface Props {
  readonly call: CallView;
  /** Undefined for those who may not. */
  readonly onDecide: Decide | undefined;
}

const CallState = ({ call }: { readonly call: CallView }): JSX.Element => {
  const now = useNow(call.state === "waiting" ? 1_000 : 60_000);
  return <span className="call-state">{callWords(call, now)}</span>;
};

/** The two buttons, and why one of them did nothing. */
const Decision = ({
  call,
  onDecide,
}: {
  readonly call: CallView;
  readonly onDecide: Decide;
}): JSX.Element => {
  const [asked, setAsked] = useState(false);
  const [fault, setFault] = useState<string>();
  const decide = async (granted: boolean): Promise<void> => {
    setAsked(true);
    setFault(await onDecide(call.id, granted));
    setAsked(false);
  };
  return (
    <div className="call-decision" role="group" aria-label={`Decide about ${call.name}`}>
      <button type="button" className="primary-button" disabled={asked} onClick={() => void decide(true)}>
        Approve
      </button>
      <button type="button" className="plain-button" disabled={asked} onClick={() => void decide(false)}>
        Deny
      </button>
      {fault !== undefined && (
        <span className="call-fault" role="alert">
          {fault}
        </span>
      )}
    </div>
  );
};

const icons = {
  waiting: "hand",
  running: "tool",
  done: "check",
  failed: "close",
  denied: "close",
  expired: "close",
  cancelled: "stop",
} as const;

/** A tool that the model called: what it is, how it stands, what it was given and gave; and the decision, where one is due. */
export const ToolCall = ({ call, onDecide }: Props): JSX.Element => {
  const given = argumentsText(call.arguments);
  const line = argumentsLine(call.arguments);
  const waiting = call.state === "waiting";
  // What somebody had to decide about stays in sight, so that one can tell what was granted from what was not.
  const reviewed = waiting || call.by !== undefined || call.state === "denied" || call.state === "expired";
  return (
    <section className="call" data-call={call.state} aria-label={`Tool ${call.name}`}>
      <div className="call-head">
        <Icon name={icons[call.state]} />
        <span className="call-name">{call.name}</span>
        <CallState call={call} />
      </div>
      {call.progress !== undefined && (
        <p className="call-progress" dir="auto">
          {call.progress}
        </p>
      )}
      {reviewed && line !== "" && (
        <p className="call-line" dir="auto">
          {line}
        </p>
      )}
      {call.reason !== undefined && (
        <p className="call-progress" dir="auto">
          {call.reason}
        </p>
      )}
      {(given !== "" || call.result !== undefined) && (
        <details>
          <summary>Details</summary>
          {given !== "" && (
            <>
              <h4>Given</h4>
              <pre tabIndex={0}>{given}</pre>
            </>
          )}
          {call.result !== undefined && (
            <>
              <h4>Result</h4>
              <pre tabIndex={0}>{argumentsText(call.result) || call.result}</pre>
            </>
          )}
        </details>
      )}
      {waiting && onDecide && <Decision call={call} onDecide={onDecide} />}
    </section>
  );
};
