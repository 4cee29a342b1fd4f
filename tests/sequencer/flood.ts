import { Worker } from "node:worker_threads";
import type { Flood } from "./flood-thread.ts";

/** Floods a port from another thread; resolves to how many datagrams really left, and in what time. */
export const flood = (options: Flood): Promise<{ readonly sent: number; readonly ms: number }> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./flood-thread.ts", import.meta.url), { workerData: options });
    thread.on("message", resolve);
    thread.on("error", reject);
  });
