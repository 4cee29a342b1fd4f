import type { Broadcast, Generation, HistoryFacts, HistoryRow } from "./shapes.ts";
import { utf8Length } from "./utf8-length.ts";

/** A row in the words of a generation. What is not known of the exchange is `None`, as in the peers' own tables. */
export const historyRow = (generation: Generation, facts: HistoryFacts): HistoryRow => {
  const { prompt, answer, sysbool = "None", function: purpose = "None" } = facts;
  return generation === 1
    ? { SysBool: sysbool, M_func: purpose, Prompt: prompt }
    : {
        system_boolean: sysbool,
        ex_model_function: purpose,
        user_prompt: prompt,
        ex_work_summary: answer,
      };
};

/** What the sequencer calls itself towards peers. They recognise it by this, and it recognises itself. */
export const sequencerName = (generation: Generation, listenPort: number): string =>
  `${generation === 1 ? "Broadcaster" : "Sequencer"}-${listenPort}`;

/** A datagram, or how many bytes the prompt would take alone when they are too many. */
export type RenderedBroadcast =
  | { readonly fits: true; readonly text: string; readonly leftOut: number }
  | { readonly fits: false; readonly bytes: number };

/**
 * Writes a prompt as a datagram of at most `maxBytes`. Rows of the history are left out, the oldest first, until it fits; the
 * prompt itself is never cut.
 *
 * @param bytesOf what a text takes on its way, where that is more than its own length
 * @returns `leftOut`: how many rows were left out
 */
export const renderBroadcast = (
  broadcast: Broadcast,
  maxBytes: number,
  bytesOf: (text: string) => number = utf8Length,
): RenderedBroadcast => {
  const { history } = broadcast;
  const render = (rows: number): string => write(broadcast, history.slice(0, rows));
  // Mostly there is room for all of it.
  const whole = render(history.length);
  if (bytesOf(whole) <= maxBytes) return { fits: true, text: whole, leftOut: 0 };
  const bare = bytesOf(render(0));
  if (bare > maxBytes) return { fits: false, bytes: bare };
  let fits = 0;
  let tooMany = history.length;
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (bytesOf(render(middle)) <= maxBytes) fits = middle;
    else tooMany = middle;
  }
  return { fits: true, text: render(fits), leftOut: history.length - fits };
};

const write = (broadcast: Broadcast, history: readonly HistoryRow[]): string => {
  const { generation, listenPort, id } = broadcast;
  const prompt = broadcast.prompt.toWellFormed();
  const sender = sequencerName(generation, listenPort);
  const added = id === undefined ? {} : { id };
  return JSON.stringify(
    generation === 1
      ? { message: prompt, history, timestamp: broadcast.time, sender, ...added }
      : { current_prompt: prompt, history, sender, ...added },
  );
};

/** Tells a model that it need not go on. Only for those that know ids: others fail on what they do not know. */
export const renderStandDown = (generation: Generation, listenPort: number, id: string): string =>
  JSON.stringify({ id, sender: sequencerName(generation, listenPort), stand_down: true });
