import type { TurnFile } from "@colloquy/client";
import type { JSX } from "react";
import { fileSize } from "../attachments/attach.ts";
import { Icon } from "../parts/icon.tsx";

const image = /^image\/(?:png|jpeg|gif|webp)$/;

/** What came along with a prompt: images as such where this page has them, everything by its name. */
export const TurnFiles = ({ files }: { readonly files: readonly TurnFile[] }): JSX.Element => (
  <ul className="files" aria-label="Attached">
    {files.map(({ name, type, size, data }, i) => (
      <li key={i}>
        {data !== undefined && image.test(type) ? (
          <img src={`data:${type};base64,${data}`} alt={name} />
        ) : (
          <Icon name="file" />
        )}
        <span className="file-name">{name}</span>
        <span className="file-size">{fileSize(size)}</span>
      </li>
    ))}
  </ul>
);
