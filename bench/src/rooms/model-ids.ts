/** Answers as a prompt's order says. */
export const streamingModel = "openai:bench";
/** Calls {@link chainTool} again and again, then says a word. */
export const chainModel = "bench:chain";
export const chainTool = "next_step";
/** Calls of the tool in one turn; the model is asked once more for its answer, which makes 30 times. */
export const chainCalls = 29;
