import { expect, test } from "vitest";
import { readKernelDrops } from "./kernel-drops.ts";

const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
12466: 00000000:1388 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 928972 2 0000000099cb80f4 17
12467: 0100007F:1389 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 928973 2 0000000099cb80f5 4
`;

test("the system's own count of what it dropped is read by port", async () => {
  const read = () => Promise.resolve(table);
  expect(await Promise.all([5000, 5001, 5002].map((port) => readKernelDrops(port, read)))).toEqual([
    17,
    4,
    undefined,
  ]);
});

test("where the system does not tell, it is not known", async () => {
  expect(await readKernelDrops(5000, () => Promise.reject(new Error("ENOENT")))).toBeUndefined();
});
