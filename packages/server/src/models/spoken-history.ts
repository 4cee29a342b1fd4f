import type { ModelMessage } from "./model.ts";

/**
 * Messages for a request that offers no tools. Providers refuse calls in the history of such a request, so of earlier turns
 * only the words are left; what calls of the turn under way gave is told in words.
 */
export const withoutCalls = (messages: readonly ModelMessage[]): readonly ModelMessage[] => {
  const prompt = messages.findLastIndex(({ role }) => role === "user");
  return messages.flatMap((message, place): readonly ModelMessage[] => {
    switch (message.role) {
      case "user":
        return [message];
      case "assistant":
        return message.text === "" ? [] : [{ role: "assistant", text: message.text }];
      case "tool":
        return place < prompt ? [] : [{ role: "user", text: `[${message.name} gave:]\n${message.text}` }];
    }
  });
};

/** Arguments as providers take them back: JSON of an object, whatever the model wrote. */
export const argumentsAsObject = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // What follows says it.
  }
  return { unreadable: text.slice(0, 1_000) };
};
