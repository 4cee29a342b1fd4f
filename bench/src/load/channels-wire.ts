import { nothing, type Said, type Wire } from "./wire.ts";

interface Payload {
  readonly action?: string;
  readonly status?: string;
  readonly type?: string;
  readonly message?: string;
  readonly message_id?: string;
  readonly error_details?: string;
  readonly delta?: string;
  readonly offset?: number;
  readonly cursor?: string;
  readonly recovered?: boolean;
  readonly stamp?: string;
}

const readPayload = (payload: Payload): Said => {
  const { cursor } = payload;
  if (payload.status === "in_progress") {
    const where = cursor === undefined ? {} : { cursor };
    if (payload.delta !== undefined)
      return { kind: "text", text: payload.delta, offset: payload.offset ?? 0, ...where };
    return { kind: "text", text: payload.message ?? "", offset: 0, whole: true, ...where };
  }
  if (payload.stamp !== undefined) return { kind: "relay", stamp: payload.stamp };
  if (payload.action === "subscribed") {
    return { kind: "subscribed", recovered: payload.recovered === true, cursor: cursor ?? "" };
  }
  if (payload.action === "accepted") return { kind: "accepted", id: payload.message_id ?? "" };
  if (payload.status === "completed") return { kind: "end", text: payload.message ?? "" };
  if (payload.status === "error")
    return { kind: "fault", why: payload.error_details ?? payload.message ?? "error" };
  return nothing;
};

/** Colloquy's first wire; the hubs that stand beside it for plain fan-out speak the few frames they need of it. */
export const channelsWire: Wire = {
  path: "/ws",
  readyAtOpen: true,
  confirms: true,
  subscribe: ({ channel, delta, cursor }) =>
    JSON.stringify(
      delta
        ? {
            channel: "subscription",
            payload: {
              action: "subscribe",
              channel,
              id: "s",
              mode: "delta",
              ...(cursor === undefined ? {} : { cursor }),
            },
          }
        : { action: "subscribe", channel },
    ),
  prompt: (channel, id, text) =>
    JSON.stringify({ channel, payload: { action: "prompt", message: text, message_id: id, id } }),
  publish: (channel, json) => `{"channel":${JSON.stringify(channel)},"payload":${json}}`,
  read(frame) {
    const { payload }: { readonly payload: Payload } = JSON.parse(frame);
    return readPayload(payload);
  },
};
