/** A place for strings that outlives the page. */
export interface Keep {
  get(key: string): string | undefined;
  /** Undefined or empty removes it. */
  set(key: string, value: string | undefined): void;
}

/** Wraps one of the browser's storages, which may be switched off or full: then nothing is kept, and nothing breaks. */
const keepIn = (storage: () => Storage): Keep => ({
  get(key) {
    try {
      return storage().getItem(`colloquy.${key}`) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set(key, value) {
    try {
      if (value === undefined || value === "") storage().removeItem(`colloquy.${key}`);
      else storage().setItem(`colloquy.${key}`, value);
    } catch {
      // Not kept.
    }
  },
});

/** Until the tab is closed. */
export const tabKeep: Keep = keepIn(() => sessionStorage);

/** On this device, for all tabs. */
export const deviceKeep: Keep = keepIn(() => localStorage);
