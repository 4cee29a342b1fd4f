import { useCallback, useState } from "react";
import { deviceKeep } from "../parts/storage.ts";

/** Puts words before what is being typed in a conversation, for when its field is there again. */
export const keepDraft = (channel: string, words: string): void => {
  if (words === "") return;
  const key = `draft.${channel}`;
  const texts = [words, deviceKeep.get(key) ?? ""];
  deviceKeep.set(key, texts.filter((text) => text.trim() !== "").join("\n\n"));
};

/** What is being typed in a conversation, kept on this device until it is sent. */
export const useDraft = (channel: string): readonly [string, (text: string) => void] => {
  const key = `draft.${channel}`;
  const [draft, setDraft] = useState({ key, text: deviceKeep.get(key) ?? "" });
  const present = draft.key === key ? draft.text : (deviceKeep.get(key) ?? "");
  const change = useCallback(
    (text: string) => {
      deviceKeep.set(key, text);
      setDraft({ key, text });
    },
    [key],
  );
  return [present, change];
};
