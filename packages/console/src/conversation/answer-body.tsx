import type { TurnView } from "@colloquy/client";
import { type JSX, memo } from "react";
import { GrowingMarkdown } from "../markdown/growing-markdown.tsx";
import { segmentsOf } from "./segments.ts";
import { type Decide, ToolCall } from "./tool-call.tsx";
import { isOpen } from "./turn-words.ts";

interface Props {
  readonly turn: TurnView;
  readonly onDecide: Decide | undefined;
}

/** What was said and which tools were called, in the order in which it happened. */
export const AnswerBody = memo(({ turn, onDecide }: Props): JSX.Element => {
  const segments = segmentsOf(turn.text, turn.calls);
  return (
    <>
      {segments.map((segment, i) => {
        if (segment.kind === "calls")
          return (
            <div className="calls" key={`calls ${segment.at}`}>
              {segment.calls.map((call) => (
                <ToolCall key={call.id} call={call} onDecide={onDecide} />
              ))}
            </div>
          );
        const last = i === segments.length - 1;
        return (
          <GrowingMarkdown
            key={`text ${segment.at}`}
            text={segment.text}
            growing={last && isOpen(turn)}
            cut={last && turn.state !== "completed"}
          />
        );
      })}
    </>
  );
});
