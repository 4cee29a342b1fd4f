import { setTimeout as sleep } from "node:timers/promises";
import { eachOf } from "../load/client.ts";
import type { IdleResult } from "../load/idle.ts";
import type { JobOf } from "../load/job.ts";
import { rssOf } from "../proc.ts";
import { openMember } from "./member.ts";

/** Many connections, each of a user of its own, joined to rooms of a given size; then silence. */
export const runRoomIdle = async (job: JobOf<"room-idle">): Promise<IdleResult> => {
  const { port, connections, perRoom } = job;
  const buffer = Buffer.allocUnsafeSlow(64 * 1024);
  const sit = (name: string, index: number) =>
    openMember({ port, buffer, user: `${name}-${index}`, chat: name, role: "owner" });
  // What a server builds once, for its first connections, is not theirs.
  const first = await eachOf(50, 10, (index) => sit(`first-${index}`, index));
  for (const { client } of first) client.link.cut();
  await sleep(1_000);
  const rssBefore = rssOf(job.watched.serverPid);
  const rooms = Math.ceil(connections / perRoom);
  await eachOf(rooms, 50, (room) => sit(`idle-${room}`, room));
  await eachOf(connections - rooms, 50, (index) => sit(`idle-${index % rooms}`, rooms + index));
  await sleep(job.settleMs);
  return { connections, rssBefore, rssAfter: rssOf(job.watched.serverPid) };
};
