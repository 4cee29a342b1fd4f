import { roomsRows } from "../rooms/rooms-rows.ts";
import { acceptedRow } from "./accepted-row.ts";
import { cutRow } from "./cut-row.ts";
import { fanoutRow } from "./fanout-row.ts";
import { idleRow } from "./idle-row.ts";
import type { Row } from "./row.ts";
import { sequencerRows } from "./sequencer-rows.ts";
import { slowRow } from "./slow-row.ts";
import { snapshotRow } from "./snapshot-row.ts";
import { tokenCpuRow } from "./token-cpu-row.ts";
import { turnsRow } from "./turns-row.ts";

/** All rows, in the order of the table. */
export const allRows: readonly Row[] = [
  turnsRow,
  tokenCpuRow,
  fanoutRow,
  snapshotRow,
  idleRow,
  slowRow,
  acceptedRow,
  cutRow,
  ...sequencerRows,
  ...roomsRows,
];
