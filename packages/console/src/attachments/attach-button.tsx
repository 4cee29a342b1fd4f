import { type JSX, useRef } from "react";
import { Icon } from "../parts/icon.tsx";
import { acceptedTypes, type Chosen } from "./attach.ts";

/** Opens the system's choice of files. */
export const AttachButton = ({
  onAdd,
}: {
  readonly onAdd: (files: readonly Chosen[]) => void;
}): JSX.Element => {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={field}
        type="file"
        hidden
        multiple
        accept={acceptedTypes}
        aria-label="Files"
        onChange={(event) => {
          onAdd([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
      <button
        type="button"
        className="icon-button"
        title="Attach images, PDF or text"
        aria-label="Attach files"
        onClick={() => field.current?.click()}
      >
        <Icon name="clip" />
      </button>
    </>
  );
};
