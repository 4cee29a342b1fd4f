import { silentLogger, type Logger } from "../../kernel/logger.ts";
import { createSkills } from "../../models/skills/all-skills.ts";
import { createUdpWorker } from "../../models/udp-worker.ts";
import type { SkillsOrder } from "./skills-order.ts";

/** Skills that listen on UDP. */
export interface RunningSkills {
  /** May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the skills that the order names a port for, each as a UDP worker.
 *
 * @throws ColloquyError `not_available` with a sentence for the operator when a port cannot be had
 */
export const runSkills = async (
  order: SkillsOrder,
  logger: Logger = silentLogger,
): Promise<RunningSkills> => {
  const { ports, replyTo, secret, folder } = order;
  const skills = createSkills({ folder });
  const workers = skills.flatMap((skill) => {
    const port = ports[skill.name];
    if (port === undefined) return [];
    return createUdpWorker({
      name: skill.name,
      port,
      replyTo,
      respond: (prompt, signal) => skill.respond(prompt, signal),
      logger,
      ...(secret !== undefined && { secret }),
    });
  });
  const close = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.close()));
    for (const skill of skills) await skill.close?.();
  };
  try {
    await Promise.all(workers.map((worker) => worker.start()));
  } catch (error) {
    await close();
    throw error;
  }
  // Its calculator is made with the first sum; whoever asks that shall not have to wait for it.
  if (ports["arithmetic"] !== undefined)
    void Promise.resolve(
      skills.find(({ name }) => name === "arithmetic")?.respond({ text: "1+1" }, AbortSignal.any([])),
    ).catch(() => undefined);
  return { close };
};
