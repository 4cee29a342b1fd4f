import { readFile } from "node:fs/promises";

/**
 * How many datagrams the system has thrown away because they came faster than they were read, since the socket was opened;
 * undefined where the system does not tell (anything but Linux).
 */
export const readKernelDrops = async (
  port: number,
  read: () => Promise<string> = () => readFile("/proc/net/udp", "utf8"),
): Promise<number | undefined> => {
  let table: string;
  try {
    table = await read();
  } catch {
    return undefined;
  }
  const ending = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  let drops: number | undefined;
  for (const line of table.split("\n")) {
    const fields = line.trim().split(/\s+/);
    if (fields[1]?.endsWith(ending)) drops = (drops ?? 0) + Number(fields.at(-1));
  }
  return drops;
};
