import { onTestFinished } from "vitest";
import { startServer, type Running } from "../../packages/server/src/app/start.ts";
import type { Overrides } from "../../packages/server/src/app/compose.ts";
import type { ColloquyConfig } from "../../packages/server/src/app/config/define-config.ts";
import { readConfig } from "../../packages/server/src/app/config/read-config.ts";
import { formatFaults } from "../../packages/server/src/app/config/config-fault.ts";
import { systemIds } from "../../packages/server/src/kernel/ids.ts";
import type { Model } from "../../packages/server/src/models/model.ts";
import { createMemoryJournal } from "../../packages/server/src/stores/memory-journal.ts";
import { createMemoryStore, type MemoryContent } from "../../packages/server/src/stores/memory-store.ts";
import { call, type Caller } from "../gateways/caller.ts";

/** A whole server in this process, on a free port of loopback, with a store that outlives it if `content` does. */
export const ownServer = async (
  model: Model,
  options: {
    readonly config?: ColloquyConfig;
    readonly overrides?: Overrides;
    readonly content?: MemoryContent;
  } = {},
): Promise<{
  readonly running: Running;
  readonly url: string;
  readonly http: string;
  readonly call: () => Promise<Caller>;
}> => {
  const read = readConfig({
    file: { name: "the test", value: { port: 0, model: model.id, ...options.config } },
  });
  if (!read.ok) throw new Error(formatFaults(read.faults));
  const running = await startServer(read.config, {
    store: createMemoryStore({ ids: systemIds, ...(options.content && { content: options.content }) }),
    journal: createMemoryJournal(),
    models: [model],
    ...options.overrides,
  });
  const hurry = new AbortController();
  onTestFinished(async () => {
    hurry.abort();
    await running.colloquy.close();
    await running.stop();
  });
  const address = `127.0.0.1:${running.at.port}`;
  return {
    running,
    url: `ws://${address}/ws`,
    http: `http://${address}`,
    call: () => call(`ws://${address}/ws`),
  };
};
