import { backoff } from "../../kernel/backoff.ts";
import type { Asking, Panel } from "../../models/panel.ts";
import { beginSkillsLife, type SkillsLife, type SkillsLifeOptions } from "./skills-life.ts";

export interface SkillsPanelOptions extends SkillsLifeOptions {
  /** Called before each life. */
  readonly prepare?: () => Promise<void>;
  /** How a life is begun; for tests. */
  readonly beginLife?: typeof beginSkillsLife;
}

/** The skills, in a process of their own that is kept alive. */
export interface SkillsPanel extends Panel {
  /** Of the process that has them just now. */
  readonly pid: number | undefined;
  /** May be called twice. */
  close(): Promise<void>;
}

/** How long a prompt waits for the process to come up; then the skills are not asked. Milliseconds. */
const patienceMs = 10_000;
const restart = { baseMs: 200, maxMs: 30_000 };
/** A life this long shows that there is nothing wrong with it, milliseconds. */
const longLifeMs = 60_000;

/**
 * Starts the process when first something is asked, and again after a growing wait whenever it ends. Its end loses what it
 * was asked and had not answered (`worker_lost`), and nothing else.
 */
export const createSkillsPanel = (options: SkillsPanelOptions): SkillsPanel => {
  const { clock, logger, beginLife = beginSkillsLife } = options;
  let life: SkillsLife | undefined;
  let coming: Promise<void> | undefined;
  let stopWaiting = (): void => {};
  let deaths = 0;
  let closed = false;
  /** Those who wait for a life to come. */
  const waiting = new Set<(life: SkillsLife | undefined) => void>();

  const tell = (told: SkillsLife | undefined): void => {
    for (const one of waiting) one(told);
  };

  const comeAgain = (): void => {
    if (closed) return;
    deaths += 1;
    stopWaiting = clock.after(backoff(restart, deaths), come);
  };

  const mourn = async (dying: SkillsLife, bornAt: number): Promise<void> => {
    const how = await dying.ended;
    if (life === dying) life = undefined;
    await dying.stop();
    if (closed) return;
    if (clock.monotonic() - bornAt > longLifeMs) deaths = 0;
    logger.warn({ how }, "the process of the skills ended; another one is started");
    comeAgain();
  };

  const begin = async (): Promise<void> => {
    try {
      await options.prepare?.();
      const born = await beginLife(options);
      if (closed) return await born.stop();
      life = born;
      void mourn(born, clock.monotonic());
      tell(born);
    } catch (error) {
      logger.error({ err: error }, "the skills cannot be asked");
      comeAgain();
    }
  };

  const come = (): void => {
    coming ??= begin().finally(() => {
      coming = undefined;
    });
  };

  return {
    get pid() {
      return life?.pid;
    },
    ask(request, hear): Asking {
      if (life) return life.panel.ask(request, hear);
      let asking: Asking | undefined;
      const go = (born: SkillsLife | undefined): void => {
        waiting.delete(go);
        stopPatience();
        if (born) asking = born.panel.ask(request, hear);
        // Nobody is asked here: others may answer.
        else hear({ type: "all-asked" });
      };
      waiting.add(go);
      const stopPatience = clock.after(patienceMs, () => go(undefined));
      if (closed) queueMicrotask(() => waiting.has(go) && go(undefined));
      else if (deaths === 0) come();
      return {
        standDown: (model) => asking?.standDown(model),
        over() {
          if (waiting.delete(go)) stopPatience();
          asking?.over();
        },
      };
    },
    async close() {
      closed = true;
      stopWaiting();
      tell(undefined);
      await coming;
      await life?.stop();
    },
  };
};
