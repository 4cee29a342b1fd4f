/** How far from the end, in pixels, still counts as being there. */
const near = 40;

/** Where a person reads in a box that scrolls. */
export interface ReadingPlace {
  toEnd(): void;
  close(): void;
}

const isNearEnd = (box: HTMLElement): boolean => box.scrollHeight - box.scrollTop - box.clientHeight <= near;

/**
 * Looks after the place where a person reads. At the end of the box they are taken along while what is in it grows;
 * whoever scrolls up is left in peace until they come back to the end. What is put in above them does not move what they
 * read. `onAtEnd` is told whether the end is in sight.
 *
 * `box` scrolls; its only child holds the pieces, each marked by `data-message-id`.
 */
export const createReadingPlace = (box: HTMLElement, onAtEnd: (atEnd: boolean) => void): ReadingPlace => {
  const content = box.firstElementChild;
  let follows = true;
  let lastTop = box.scrollTop;
  let lastHeight = box.scrollHeight;
  let anchor: { readonly piece: HTMLElement; readonly top: number } | undefined;

  const settle = (value: boolean): void => {
    follows = value;
    onAtEnd(value);
  };
  const onScroll = (): void => {
    // A box whose content became shorter scrolls by itself; only moving up in any other is the reader's wish.
    const up = box.scrollTop < lastTop - 1 && box.scrollHeight >= lastHeight;
    lastTop = box.scrollTop;
    lastHeight = box.scrollHeight;
    if (isNearEnd(box)) settle(true);
    else if (up) settle(false);
  };
  const drop = (): void => {
    const piece = content?.querySelector<HTMLElement>("[data-message-id]");
    anchor = piece ? { piece, top: piece.offsetTop } : undefined;
  };
  const onPieces = (): void => {
    if (anchor?.piece.isConnected && !follows) box.scrollTop += anchor.piece.offsetTop - anchor.top;
    drop();
  };
  const onSize = (): void => {
    if (follows) box.scrollTop = box.scrollHeight;
    else onAtEnd(isNearEnd(box));
    drop();
  };

  const sizes = new ResizeObserver(onSize);
  const pieces = new MutationObserver(onPieces);
  sizes.observe(box);
  if (content) {
    sizes.observe(content);
    pieces.observe(content, { childList: true });
  }
  box.addEventListener("scroll", onScroll, { passive: true });
  return {
    toEnd() {
      settle(true);
      box.scrollTop = box.scrollHeight;
    },
    close() {
      sizes.disconnect();
      pieces.disconnect();
      box.removeEventListener("scroll", onScroll);
    },
  };
};
