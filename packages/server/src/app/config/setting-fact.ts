/** What an operator needs to know of one setting. */
export interface SettingFact {
  /** Its name in the environment, where it has one. */
  readonly env?: string;
  /** Ends the sentence "Write …". */
  readonly instead: string;
  /** What it is when nothing is said, where the schema alone does not tell. */
  readonly usual?: string;
  /** Its value is never shown. */
  readonly secret?: true;
}
