import { useCallback, useRef, useState } from "react";
import { createReadingPlace, type ReadingPlace } from "./reading-place.ts";

/** A reading place for the element that `box` is given to as its ref. */
export const useReadingPlace = (): {
  readonly box: (element: HTMLElement | null) => (() => void) | undefined;
  readonly atEnd: boolean;
  readonly toEnd: () => void;
} => {
  const place = useRef<ReadingPlace>(undefined);
  const [atEnd, setAtEnd] = useState(true);
  const box = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const made = createReadingPlace(element, setAtEnd);
    place.current = made;
    return () => {
      place.current = undefined;
      made.close();
    };
  }, []);
  const toEnd = useCallback(() => place.current?.toEnd(), []);
  return { box, atEnd, toEnd };
};
