import { codes, type Code } from "@colloquy/protocol";
import type { DeltaFrame, FinalFrame, PromptWordFrame, WorkerErrorFrame } from "@colloquy/protocol/workers";
import type { WorkerLink } from "../worker-desk.ts";
import { fill, lose } from "./giving.ts";
import { isWhole, takePiece, type Hand } from "./hand.ts";
import type { Seat } from "./seat.ts";

const refusal = (code: Code, id: string, more: Partial<WorkerErrorFrame> = {}): WorkerErrorFrame => ({
  type: "error",
  code,
  message: codes[code].says,
  retry: codes[code].retry,
  id,
  ...more,
});

/**
 * Makes what takes a worker's words about its prompts, and tells whoever has asked. Hot: every piece comes through here.
 *
 * @param maxAnswerLength UTF-16 code units
 */
export const createWordHearer = (maxAnswerLength: number) => {
  /** The worker is told why, and to stop. */
  const giveUp = (seat: Seat, link: WorkerLink, hand: Hand, code: Code): void => {
    const { id } = hand.prompt;
    link.send(refusal(code, id));
    link.send({ type: "stop", id });
    lose(seat, hand, code);
    fill(seat);
  };

  const hearPiece = (seat: Seat, link: WorkerLink, hand: Hand, { offset, text }: DeltaFrame): void => {
    if (text === "") return;
    if (offset + text.length > maxAnswerLength) {
      giveUp(seat, link, hand, "too_long");
    } else if (takePiece(hand, offset, text.length)) {
      hand.prompt.hear({ type: "text", model: seat.name, text, offset });
    } else {
      const message = `That piece begins beyond the ${hand.have} code units that have arrived.`;
      link.send(refusal("bad_frame", hand.prompt.id, { message, offset: hand.have }));
    }
  };

  const hearFinal = (seat: Seat, link: WorkerLink, hand: Hand, { id, text }: FinalFrame): void => {
    if (text !== undefined && text.length > maxAnswerLength) {
      giveUp(seat, link, hand, "too_long");
    } else if (text === undefined && !isWhole(hand)) {
      // What was said is not what has arrived: an answer with a piece missing is none.
      giveUp(seat, link, hand, "worker_contradicts");
    } else {
      seat.hands.delete(id);
      link.send({ type: "done", id });
      hand.prompt.hear({ type: "final", model: seat.name, ...(text !== undefined && { text }) });
      fill(seat);
    }
  };

  /** A prompt that it was told to let go of; the two messages may have crossed. Only a whole reply is still of interest. */
  const hearLate = (seat: Seat, link: WorkerLink, hand: Hand, frame: PromptWordFrame): void => {
    const { id } = frame;
    if (frame.type === "delta") hand.reached = Math.max(hand.reached, frame.offset + frame.text.length);
    if (frame.type !== "final" && frame.type !== "decline") return;
    seat.late.delete(id);
    if (frame.type === "decline") return;
    link.send({ type: "done", id });
    const { text } = frame;
    if (text === undefined ? isWhole(hand) : text.length <= maxAnswerLength)
      hand.prompt.hear({ type: "final", model: seat.name, ...(text !== undefined && { text }) });
  };

  return (seat: Seat, link: WorkerLink, frame: PromptWordFrame): void => {
    const { id } = frame;
    const hand = seat.hands.get(id);
    if (!hand) {
      const late = seat.late.get(id);
      if (late) hearLate(seat, link, late, frame);
      else link.send(refusal("not_found", id));
      return;
    }
    switch (frame.type) {
      case "delta":
        hearPiece(seat, link, hand, frame);
        return;
      case "claim":
        hand.prompt.hear({ type: "claim", model: seat.name });
        return;
      case "final":
        hearFinal(seat, link, hand, frame);
        return;
      case "decline":
        if (frame.failed) {
          lose(seat, hand, "worker_lost");
        } else {
          seat.hands.delete(id);
          hand.prompt.hear({ type: "decline", model: seat.name });
        }
        fill(seat);
        return;
    }
  };
};
