import { useCallback, useRef, useState } from "react";
import type { Attachment } from "../conversation/desk.ts";
import { attach, type Chosen } from "./attach.ts";

/** Files that are about to go along with a prompt. */
export interface Attachments {
  readonly files: readonly Attachment[];
  /** Why something was left out, in a sentence. */
  readonly fault: string | undefined;
  readonly add: (chosen: readonly Chosen[]) => void;
  readonly remove: (index: number) => void;
  readonly clear: () => void;
}

export const useAttachments = (): Attachments => {
  const [state, setState] = useState<{ readonly files: readonly Attachment[]; readonly fault?: string }>({
    files: [],
  });
  /** One choice is read at a time, so that the bounds hold for all of them together. */
  const line = useRef(Promise.resolve(state));
  const change = useCallback((next: (before: typeof state) => Promise<typeof state>) => {
    const run = async (before: typeof state): Promise<typeof state> => {
      try {
        return await next(before);
      } catch {
        return { ...before, fault: "A file could not be read." };
      }
    };
    line.current = line.current.then(run).then((made) => {
      setState(made);
      return made;
    });
  }, []);
  return {
    files: state.files,
    fault: state.fault,
    add: useCallback((chosen) => change((before) => attach(before.files, chosen)), [change]),
    remove: useCallback(
      (index) => change((before) => Promise.resolve({ files: before.files.toSpliced(index, 1) })),
      [change],
    ),
    clear: useCallback(() => change(() => Promise.resolve({ files: [] })), [change]),
  };
};
