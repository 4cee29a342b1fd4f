import { type JSX, memo, useEffect, useLayoutEffect, useRef } from "react";
import { AttachButton } from "../attachments/attach-button.tsx";
import { AttachmentList } from "../attachments/attachment-list.tsx";
import { useAttachments } from "../attachments/use-attachments.ts";
import type { Attachment } from "../conversation/desk.ts";
import { Icon } from "../parts/icon.tsx";
import { sends } from "./sends.ts";
import { useDraft } from "./use-draft.ts";

interface Props {
  readonly channel: string;
  /** An answer is being made, which can be stopped. */
  readonly answering: boolean;
  readonly onAsk: (text: string, files?: readonly Attachment[]) => void;
  readonly onStop: () => void;
  /** Whether files may go along. */
  readonly takesFiles?: boolean;
  /** Called at every key. */
  readonly onTyping?: (() => void) | undefined;
}

/** Text that fits the wire's frames however it must be escaped. */
const longestPrompt = 150_000;

/** On a phone the focus would bring up the keyboard and hide the conversation. */
const focusUnlessTouched = (field: HTMLElement | null): void => {
  if (matchMedia("(pointer: fine)").matches) field?.focus();
};

/** The field to ask in. It grows with what is typed; Enter sends, Shift and Enter begins a new line. */
export const Composer = memo(
  ({ channel, answering, onAsk, onStop, takesFiles = false, onTyping }: Props): JSX.Element => {
    const [text, setText] = useDraft(channel);
    const field = useRef<HTMLTextAreaElement>(null);
    const attachments = useAttachments();
    const surplus = text.length - longestPrompt;
    const sendable = text.trim() !== "" && surplus <= 0;

    useLayoutEffect(() => {
      if (!field.current) return;
      field.current.style.height = "auto";
      field.current.style.height = `${field.current.scrollHeight}px`;
    });

    useEffect(() => focusUnlessTouched(field.current), []);

    const send = (): void => {
      if (!sendable) return;
      onAsk(text.trim(), attachments.files);
      setText("");
      if (attachments.files.length > 0 || attachments.fault !== undefined) attachments.clear();
      field.current?.focus();
    };

    return (
      <form
        className="composer"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <AttachmentList attachments={attachments} />
        <div className="composer-box" data-files={takesFiles || undefined}>
          {takesFiles && <AttachButton onAdd={attachments.add} />}
          <textarea
            ref={field}
            rows={1}
            dir="auto"
            aria-label="Message"
            placeholder="Ask something"
            enterKeyHint="send"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              onTyping?.();
            }}
            onPaste={(event) => {
              const pasted = [...event.clipboardData.files];
              if (!takesFiles || pasted.length === 0) return;
              event.preventDefault();
              attachments.add(pasted);
            }}
            onKeyDown={(event) => {
              if (!sends(event.nativeEvent)) return;
              event.preventDefault();
              send();
            }}
          />
          {answering && (
            <button
              type="button"
              className="round-button"
              title="Stop (Esc)"
              aria-label="Stop the answer"
              onClick={() => {
                onStop();
                // The button is about to disappear, and the focus with it.
                focusUnlessTouched(field.current);
              }}
            >
              <Icon name="stop" />
            </button>
          )}
          {(!answering || sendable) && (
            <button
              type="submit"
              className="round-button"
              title="Send (Enter)"
              aria-label="Send"
              disabled={!sendable}
            >
              <Icon name="send" />
            </button>
          )}
        </div>
        <p className="composer-hint" role={surplus > 0 ? "alert" : undefined}>
          {surplus > 0
            ? `Too long to send, by ${surplus.toLocaleString()} characters.`
            : "Models make mistakes. Check what matters."}
        </p>
      </form>
    );
  },
);
