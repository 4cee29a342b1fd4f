import { z } from "zod";

const port = z.int().min(0).max(65_535);

/** What a process of skills is told to do, as one line of JSON. */
export const skillsOrder = z.object({
  /** The port of each skill, by its name. */
  ports: z.record(z.string(), port),
  /** Where the sequencer hears. */
  replyTo: port,
  secret: z.string().optional(),
  /** The folder whose files may be read. */
  folder: z.string(),
});

export type SkillsOrder = z.output<typeof skillsOrder>;

/** What the process says when all its skills listen. */
export const readyLine = "ready";

/** The skills there are. */
export const skillNames = ["arithmetic", "time", "text", "files"] as const;
