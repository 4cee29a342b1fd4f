import type { JSX } from "react";

/** Strokes on a field of 24 × 24. */
const strokes = {
  menu: "M4 7h16M4 12h16M4 17h10",
  plus: "M12 5v14M5 12h14",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
  send: "M12 19V6M6 11l6-6 6 6",
  stop: "M8 8h8v8H8z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  check: "M5 12.500l4.500 4.500L19 7",
  retry: "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600l1.400 1.400M17 17l1.400 1.400M18.400 5.600L17 7M7 17l-1.400 1.400",
  moon: "M19.500 14A8 8 0 0 1 10 4.500 8 8 0 1 0 19.500 14z",
  close: "M6 6l12 12M18 6L6 18",
  down: "M12 5v13M6 13l6 6 6-6",
  leave: "M14 5H6v14h8M11 12h9M17 9l3 3-3 3",
  expand: "M7 10l5 5 5-5",
  people:
    "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM3 20a6 6 0 0 1 12 0M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500a6 6 0 0 1 3 5.500",
  clip: "M8 12.500l6-6a3 3 0 0 1 4.500 4.500l-8 8a5 5 0 0 1-7-7l7.500-7.500",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  wire: "M4 8h13M13 4l4 4-4 4M20 16H7M11 12l-4 4 4 4",
  tool: "M14.500 6.500a4 4 0 0 1 5-1l-2.500 2.500 1 1 2.500-2.500a4 4 0 0 1-5.500 5L8 18.500a2 2 0 1 1-3-3l7-6.500a4 4 0 0 1 2.500-2.500z",
  hand: "M12 3v10M8.500 5v8M15.500 5v8M19 8v6a7 7 0 0 1-7 7c-3 0-4.500-1.500-6-4l-2-4a1.500 1.500 0 0 1 2.500-1.500L8.500 13",
} as const;

/** A name of a drawing. */
export type IconName = keyof typeof strokes;

/** A small drawing beside or instead of words; says nothing to a screen reader. */
export const Icon = ({ name }: { readonly name: IconName }): JSX.Element => (
  <svg className="icon" data-icon={name} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={strokes[name]} />
  </svg>
);
