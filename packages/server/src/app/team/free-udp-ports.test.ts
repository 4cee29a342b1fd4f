import { createSocket } from "node:dgram";
import { expect, test } from "vitest";
import { findFreeUdpPorts } from "./free-udp-ports.ts";

test("ports are free, different, and none of those to be avoided", async () => {
  const refused: number[] = [];
  const avoid = new Set<number>();
  avoid.has = (port) => refused.includes(port) || (refused.length < 3 && refused.push(port) > 0);
  const ports = await findFreeUdpPorts(3, avoid);
  expect(new Set(ports).size).toBe(3);
  expect(refused).toHaveLength(3);
  expect(ports.filter((port) => refused.includes(port))).toEqual([]);
  await expect(findFreeUdpPorts(1, Object.assign(new Set<number>(), { has: () => true }))).rejects.toThrow(
    "no free UDP ports",
  );
  for (const port of ports) {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(port, "0.0.0.0", resolve);
    });
    socket.close();
  }
});
