import type { TurnFile } from "@colloquy/client";
import { type JSX, useCallback, useState } from "react";
import { fileSize } from "../attachments/attach.ts";
import { Icon } from "../parts/icon.tsx";
import type { Desk } from "./desk.ts";

const image = /^image\/(?:png|jpeg|gif|webp)$/;

interface Props {
  readonly messageId: string;
  /** Gets the data of a file where that did not come along. */
  readonly onFile: Desk["file"];
}

interface PictureProps extends Props {
  readonly file: TurnFile;
  readonly index: number;
}

/** An image, once its data is here: it is asked for when somebody comes to where it stands. */
const Picture = ({ messageId, file, index, onFile }: PictureProps): JSX.Element => {
  const [loaded, setLoaded] = useState<string>();
  const data = file.data ?? loaded;
  const watch = useCallback(
    (place: HTMLElement | null) => {
      if (!place || !onFile) return undefined;
      const observer = new IntersectionObserver(
        (entries) => {
          if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
          observer.disconnect();
          onFile(messageId, index).then(
            (found) => setLoaded(found.data),
            () => {
              // One that cannot be had keeps its name and its size.
            },
          );
        },
        { root: place.closest(".turn-scroller"), rootMargin: "200px 0px" },
      );
      observer.observe(place);
      return () => observer.disconnect();
    },
    [messageId, index, onFile],
  );
  return data === undefined ? (
    <span ref={watch} className="picture-to-come">
      <Icon name="file" />
    </span>
  ) : (
    <img src={`data:${file.type};base64,${data}`} alt={file.name} />
  );
};

/** What came along with a prompt: images as such, everything by its name. */
export const TurnFiles = ({
  files,
  ...from
}: Props & { readonly files: readonly TurnFile[] }): JSX.Element => (
  <ul className="files" aria-label="Attached">
    {files.map((file, i) => (
      <li key={i}>
        {image.test(file.type) ? <Picture {...from} file={file} index={i} /> : <Icon name="file" />}
        <span className="file-name">{file.name}</span>
        <span className="file-size">{fileSize(file.size)}</span>
      </li>
    ))}
  </ul>
);
