import type { Entry } from "../entry.ts";
import { answerData, callData, decisionData, reasoningData, resultData, userData } from "./message-data.ts";
import type { PastMessage } from "./message-shapes.ts";

/** An entry as a message of a page of history; undefined where it is told to nobody. Answers come in the parts that they were stored in. */
export const pastMessage = (roomId: string, entry: Entry): PastMessage | undefined => {
  switch (entry.kind) {
    case "prompt":
      return { type: "sbaw.text_message.user", data: userData(roomId, entry) };
    case "answer":
      return {
        type: "sbaw.text_message.assistant",
        data: { ...answerData(roomId, entry), content: entry.text },
      };
    case "reasoning":
      return { type: "sbaw.reasoning", data: reasoningData(roomId, entry) };
    case "tool-call":
      return { type: "sbaw.function_call", data: callData(roomId, entry) };
    case "approval": {
      const data = decisionData(roomId, entry);
      return data && { type: "sbaw.function_decided", data };
    }
    case "tool-result":
      return { type: "sbaw.function_result", data: resultData(roomId, entry) };
    case "turn-end":
      return { type: "sbaw.text_message.assistant", data: { ...answerData(roomId, entry), content: "" } };
    case "note":
    case "reply":
      return undefined;
  }
};
