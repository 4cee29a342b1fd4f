import type { Contest } from "@colloquy/client";
import type { JSX } from "react";
import { contestRows, contestSummary } from "./contest-words.ts";

/** Who was asked, who answered, who stood down: a quiet line that opens to a list. */
export const ContestLine = ({ contest }: { readonly contest: Contest }): JSX.Element => (
  <details className="contest">
    <summary dir="auto">{contestSummary(contest)}</summary>
    <ul>
      {contestRows(contest).map(({ model, about, fate, words, late }) => (
        <li key={model} data-fate={fate}>
          <span className="contest-model" dir="auto">
            {model}
          </span>
          <span className="contest-fate">{words}</span>
          {about !== undefined && (
            <span className="contest-about" dir="auto">
              {about}
            </span>
          )}
          {late !== undefined && late !== "" && (
            <q className="contest-late" dir="auto">
              {late}
            </q>
          )}
        </li>
      ))}
    </ul>
  </details>
);
