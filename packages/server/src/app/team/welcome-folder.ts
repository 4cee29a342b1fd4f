import { access, writeFile } from "node:fs/promises";
import path from "node:path";
import { makeFolder } from "../../kernel/make-folder.ts";

const welcome = `Welcome!

This is the folder whose files the team may read. Put text files here and ask for them:

  list files
  find *.txt
  show welcome.txt

Set TEAM_FOLDER to let it read another folder instead. Nothing outside of the folder can be reached, and nothing in it
is ever changed.
`;

/** Makes the folder, with a word of welcome, unless it is there. */
export const prepareFolder = async (folder: string): Promise<void> => {
  const isThere = await access(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  makeFolder(folder);
  await writeFile(path.join(folder, "welcome.txt"), welcome);
};
