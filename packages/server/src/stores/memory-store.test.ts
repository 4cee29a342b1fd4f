import { systemIds } from "../kernel/ids.ts";
import { createMemoryStore, type MemoryContent } from "./memory-store.ts";
import { storeContract, type StoreUnderTest } from "./store.contract.ts";

const create = async (content: MemoryContent): Promise<StoreUnderTest> => {
  const store = createMemoryStore({ ids: systemIds, content });
  await store.start();
  return {
    store,
    async reopen() {
      await store.close();
      return create(content);
    },
    remove: () => store.close(),
  };
};

storeContract("memory", () => create(new Map()));
