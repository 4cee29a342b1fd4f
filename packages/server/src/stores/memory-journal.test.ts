import { type JournalUnderTest, liveJournalContract } from "./live-journal.contract.ts";
import { createLiveTexts, type LiveTexts } from "./live-texts.ts";
import { createMemoryJournal } from "./memory-journal.ts";

const create = async (texts: LiveTexts): Promise<JournalUnderTest> => {
  const journal = createMemoryJournal(texts);
  return {
    journal,
    left: await journal.start(),
    restart: () => create(texts),
    remove: () => journal.close(),
  };
};

liveJournalContract("memory", () => create(createLiveTexts()));
