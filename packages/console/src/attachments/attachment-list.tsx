import type { JSX } from "react";
import { Icon } from "../parts/icon.tsx";
import { bytesOf, fileSize } from "./attach.ts";
import type { Attachments } from "./use-attachments.ts";

/** What goes along with the next prompt; each can be taken away again. */
export const AttachmentList = ({ attachments }: { readonly attachments: Attachments }): JSX.Element => {
  const { files, fault, remove } = attachments;
  return (
    <>
      {files.length > 0 && (
        <ul className="files files-chosen" aria-label="Goes along">
          {files.map((file, i) => (
            <li key={i}>
              <Icon name="file" />
              <span className="file-name">{file.name}</span>
              <span className="file-size">{fileSize(bytesOf([file]))}</span>
              <button type="button" aria-label={`Take ${file.name} away`} onClick={() => remove(i)}>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {fault !== undefined && (
        <p className="file-fault" role="alert">
          {fault}
        </p>
      )}
    </>
  );
};
