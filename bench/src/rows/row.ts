import type { Use } from "../proc.ts";
import type { Rig } from "../rig.ts";

/** One line of the table. */
export interface Line {
  readonly figure: string;
  readonly goal: string;
  /** What Colloquy did. */
  readonly ours: string;
  /** What stood beside it in the same run. */
  readonly beside: string;
  /** What the machine did in the runs behind the line; empty where it does not matter. */
  readonly uses: readonly Use[];
  /** Undefined for lines that only show something. */
  readonly held: boolean | undefined;
  readonly note?: string;
}

/** A row of the table: what is measured, and the lines that come of it. */
export interface Row {
  /** The name for `--only`. */
  readonly name: string;
  /** Takes long and uses little: such rows run at the same time. */
  readonly light?: boolean;
  run(rig: Rig, quick: boolean): Promise<readonly Line[]>;
}

/** Over this a load core can no longer be trusted to send and to read in time; such a run is void. */
const busiestLoadCore = 0.85;

export const isVoid = ({ loadCore }: Use): boolean => loadCore > busiestLoadCore;

/** What others took of the server's core, 0 to 1. */
export const othersShare = ({ serverCore, serverCpuMs, wallMs }: Use): number =>
  serverCore - serverCpuMs / wallMs;

export const ms = (value: number): string =>
  Number.isFinite(value)
    ? `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`
    : value > 0
      ? "never"
      : "–";
export const percent = (share: number): string =>
  Number.isFinite(share) ? `${(share * 100).toFixed(0)} %` : "–";
export const times = (ratio: number): string =>
  Number.isFinite(ratio) ? `${ratio.toFixed(ratio < 10 ? 2 : 0)} ×` : "–";
export const kib = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KiB`;
/** The most of several, passing over what is not known. */
export const most = (values: readonly number[]): number => {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? Number.NaN : Math.max(...known);
};
