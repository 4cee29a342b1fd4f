/** How far from the end, in pixels, still counts as being there. */
const near = 40;

/** Where a person reads in a box that scrolls. */
export interface ReadingPlace {
  toEnd(): void;
  close(): void;
}

const distanceToEnd = (box: HTMLElement): number => box.scrollHeight - box.scrollTop - box.clientHeight;
const isNearEnd = (box: HTMLElement): boolean => distanceToEnd(box) <= near;

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

  const onScroll = (): void => {
    // A box whose content became shorter scrolls by itself; only moving up in any other is the reader's wish.
    const up = box.scrollTop < lastTop && box.scrollHeight >= lastHeight;
    lastTop = box.scrollTop;
    lastHeight = box.scrollHeight;
    // The first pixel upwards counts: whoever had to outrun a growing answer could never leave its end.
    if (up && distanceToEnd(box) > 1) follows = false;
    else if (isNearEnd(box)) follows = true;
    onAtEnd(isNearEnd(box));
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
      follows = true;
      onAtEnd(true);
      box.scrollTop = box.scrollHeight;
    },
    close() {
      sizes.disconnect();
      pieces.disconnect();
      box.removeEventListener("scroll", onScroll);
    },
  };
};
