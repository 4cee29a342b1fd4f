/**
 * The closed table of codes. Every refusal on every wire carries one of them, and what a caller should do
 * follows from the code alone: `retry` the same request later, `reconnect` the connection, `show` the sentence
 * to a person.
 */
interface CodeFacts {
  /** One sentence that a person understands; used when the thrower has nothing better to say. */
  readonly says: string;
  /** Whether the same request may succeed later, unchanged. */
  readonly retry: boolean;
  /** Whether the client should open a new connection (at once or after its usual wait). */
  readonly reconnect: boolean;
  /** Whether the sentence helps the person in front of the screen (else it is for a developer's log). */
  readonly show: boolean;
  /** Status of the HTTP answer that carries this code. */
  readonly http: number;
}

const fact = (
  says: string,
  http: number,
  flags: "" | "r" | "s" | "rs" | "c" | "cs" | "rc" | "rcs" = "",
): CodeFacts => ({
  says,
  http,
  retry: flags.includes("r"),
  reconnect: flags.includes("c"),
  show: flags.includes("s"),
});

export const codes = {
  // What was sent could not be read.
  bad_json: fact("That was not valid JSON.", 400),
  bad_frame: fact("That frame has no meaning here.", 400),
  unknown_action: fact("That action does not exist.", 400),
  binary_refused: fact("Binary frames are not taken; send JSON as text.", 400),
  frame_too_large: fact("That frame is too large.", 413, "s"),
  empty_prompt: fact("A prompt needs some text.", 400, "s"),
  context_too_long: fact("That prompt is too long for the model.", 413, "s"),
  // Who sent it may not.
  not_authenticated: fact("Please sign in first.", 401, "s"),
  token_invalid: fact("That token was not accepted.", 401, "s"),
  token_expired: fact("Your sign-in has expired; please sign in again.", 401, "s"),
  auth_unavailable: fact("Sign-ins cannot be checked at the moment; please try again.", 503, "rcs"),
  not_allowed: fact("You are not allowed to do that here.", 403, "s"),
  origin_refused: fact("Pages of that origin may not connect.", 403),
  host_refused: fact("This server does not answer to that host name.", 421),
  refused: fact("That was refused here.", 403, "s"),
  reserved_channel: fact("That channel name is reserved.", 403),
  // It contradicts what is already so.
  prompt_id_taken: fact("That message id belongs to another prompt.", 409),
  message_id_taken: fact("That message id belongs to a prompt of this conversation.", 409),
  turn_running: fact("An answer is being written; wait for it or stop it.", 409, "rs"),
  no_such_turn: fact("There is no such turn to stop.", 404),
  no_such_call: fact("There is no such call.", 404),
  already_decided: fact("That call has been decided already.", 409, "s"),
  not_found: fact("That does not exist.", 404),
  unknown_room_kind: fact("There are no rooms of that kind here.", 404, "s"),
  unknown_model: fact("That model is not available here.", 404, "s"),
  room_failed: fact("The room could not be opened.", 503, "rs"),
  unknown_assistant: fact("There is no assistant of that name.", 404, "s"),
  not_available: fact("That is not available here.", 501),
  // Too much at once.
  queue_full: fact("Too many prompts are waiting in this conversation.", 429, "rs"),
  rate_limited: fact("Too many prompts in a short time; please wait a moment.", 429, "rs"),
  too_many_channels: fact("Too many subscriptions on one connection.", 429),
  too_many_connections: fact("Too many connections.", 503, "rc"),
  too_slow: fact("The connection is too slow for what it reads.", 503, "rc"),
  // The server cannot, at present.
  store_unavailable: fact("Messages cannot be stored at the moment; please try again.", 503, "rs"),
  stale_writer: fact("Another server now writes this conversation.", 503, "rc"),
  draining: fact("The server is restarting; please try again in a moment.", 503, "rcs"),
  internal: fact("Something went wrong on the server.", 500, "rs"),
  // What a client says itself, when no server could.
  unreachable: fact("The server cannot be reached at the moment.", 503, "rcs"),
  closed: fact("This was closed here.", 410),
  // How a turn can end without completing.
  cancelled: fact("The answer was stopped.", 200, "s"),
  interrupted: fact("The answer was interrupted by a restart; please ask again.", 503, "rs"),
  too_long: fact("The answer grew too long and was cut off.", 200, "s"),
  first_event_timeout: fact("The model did not begin to answer in time.", 504, "rs"),
  silence_timeout: fact("The model stopped in the middle of its answer.", 504, "rs"),
  turn_timeout: fact("The answer took too long.", 504, "rs"),
  no_reply: fact("No model answered in time.", 504, "rs"),
  worker_lost: fact("The model that was answering went away.", 502, "rs"),
  worker_contradicts: fact("The model contradicted what it had said.", 502, "rs"),
  too_many_steps: fact("The model called tools again and again without coming to an answer.", 502, "rs"),
  no_model: fact("No model took this prompt.", 503, "s"),
  provider_unreachable: fact("The model's provider cannot be reached.", 502, "rs"),
  provider_key_refused: fact("The model's provider refused the server's key.", 502, "s"),
  provider_refused: fact("The model's provider refused the request.", 502, "s"),
  provider_busy: fact("The model's provider is busy; please try again.", 503, "rs"),
  provider_failed: fact("The model's provider failed.", 502, "rs"),
  provider_not_a_stream: fact("The model's provider did not answer with a stream.", 502, "s"),
  provider_bad_stream: fact("The model's provider sent something unreadable.", 502, "rs"),
  provider_cut_off: fact("The connection to the model's provider broke.", 502, "rs"),
  provider_no_end: fact("The model's provider stopped without an end.", 502, "rs"),
  provider_filtered: fact("The model's provider withheld the answer.", 200, "s"),
  reply_too_large: fact("The prompt does not fit what the models can receive.", 413, "s"),
} as const satisfies Record<string, CodeFacts>;

/** A code of the closed table. */
export type Code = keyof typeof codes;

/** Whether a string that came from outside is a code of the table. */
export const isCode = (value: string): value is Code => Object.hasOwn(codes, value);

/**
 * WebSocket close codes. 1001, 1012 and 4500–4599 mean "come back"; 1003, 1008, 1009 and 4400–4499 mean
 * "do not come back unchanged" (RFC 6455 §7.4 and the private range).
 */
export const closeCodes = {
  goingAway: 1001,
  unsupportedData: 1003,
  policyViolation: 1008,
  tooLarge: 1009,
  restart: 1012,
  notAuthenticated: 4401,
  notAllowed: 4403,
  tooSlow: 4508,
  slowDown: 4529,
} as const;

/** Whether a client should open a new connection after this close code. */
export const comesBack = (closeCode: number): boolean =>
  !(
    (closeCode >= 4400 && closeCode <= 4499) ||
    closeCode === closeCodes.unsupportedData ||
    closeCode === closeCodes.policyViolation ||
    closeCode === closeCodes.tooLarge
  );
