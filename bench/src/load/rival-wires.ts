import { nothing, type Said, type Wire } from "./wire.ts";

interface Piece {
  readonly text?: string;
  readonly done?: boolean;
  readonly stamp?: string;
}

const readPiece = (piece: Piece): Said => {
  if (piece.stamp !== undefined) return { kind: "relay", stamp: piece.stamp };
  if (piece.done === true) return { kind: "end" };
  return piece.text === undefined ? nothing : { kind: "text", text: piece.text };
};

/** JSON over a plain WebSocket, as the careful program speaks it. */
export const plainWire: Wire = {
  path: "/",
  readyAtOpen: true,
  confirms: false,
  subscribe: ({ channel }) => JSON.stringify({ action: "subscribe", channel }),
  prompt: (_channel, id, text) => JSON.stringify({ id, text }),
  publish: (channel, json) => `{"channel":${JSON.stringify(channel)},"payload":${json}}`,
  read: (frame) => readPiece(JSON.parse(frame)),
};

/** Socket.IO over its WebSocket transport: `0` opens, `2` pings, `40` joins the namespace, `42` is an event. */
export const socketioWire: Wire = {
  path: "/socket.io/?EIO=4&transport=websocket",
  readyAtOpen: false,
  confirms: false,
  subscribe: ({ channel }) => `42${JSON.stringify(["join", channel])}`,
  prompt: (_channel, id, text) => `42${JSON.stringify(["prompt", { id, text }])}`,
  publish: (channel, json) => `42["publish",${JSON.stringify(channel)},${json}]`,
  read(frame) {
    if (frame.startsWith("42")) {
      const [, piece]: readonly [string, Piece] = JSON.parse(frame.slice(2));
      return readPiece(piece);
    }
    if (frame.startsWith("40")) return { kind: "ready" };
    if (frame.startsWith("0")) return { kind: "reply", frame: "40" };
    return frame === "2" ? { kind: "reply", frame: "3" } : nothing;
  },
};
