/** Reads server frames out of a shared buffer; what a frame needs beyond this call is copied out. */
export type FrameReader = (buffer: Buffer, from: number, to: number) => void;

export interface FrameEvents {
  /** Texts of a benchmark are ASCII, so they are read as such. */
  readonly onText: (text: string) => void;
  readonly onPing: (payload: Buffer) => void;
}

const opText = 1;
const opPing = 9;

/** Takes unfragmented frames, as the servers under test send them; close and pong frames are passed over. */
export const createFrameReader = ({ onText, onPing }: FrameEvents): FrameReader => {
  let held: Buffer | undefined;

  /** Reads whole frames and returns where the first incomplete one begins. */
  const readWhole = (buffer: Buffer, from: number, to: number): number => {
    let at = from;
    while (to - at >= 2) {
      const short = (buffer[at + 1] ?? 0) & 127;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (to - at < head) break;
      const length =
        short < 126 ? short : short === 126 ? buffer.readUInt16BE(at + 2) : buffer.readUIntBE(at + 4, 6);
      const begin = at + head;
      const end = begin + length;
      if (end > to) break;
      const opcode = (buffer[at] ?? 0) & 15;
      if (opcode === opText) onText(buffer.toString("latin1", begin, end));
      else if (opcode === opPing) onPing(buffer.subarray(begin, end));
      at = end;
    }
    return at;
  };

  return (buffer, from, to) => {
    if (held) {
      const joined = Buffer.concat([held, buffer.subarray(from, to)]);
      const at = readWhole(joined, 0, joined.length);
      held = at === joined.length ? undefined : joined.subarray(at);
      return;
    }
    const at = readWhole(buffer, from, to);
    if (at < to) held = Buffer.from(buffer.subarray(at, to));
  };
};

/** A client's frame. The mask is four zeros, which the protocol allows and which leaves the payload as it is. */
const clientFrame = (opcode: number, payload: Buffer): Buffer => {
  const { length } = payload;
  const head = length < 126 ? 6 : 8;
  const frame = Buffer.alloc(head + length);
  frame[0] = 0x80 | opcode;
  if (length < 126) {
    frame[1] = 0x80 | length;
  } else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  payload.copy(frame, head);
  return frame;
};

/** A text of at most 64 KiB. */
export const textFrame = (text: string): Buffer => clientFrame(opText, Buffer.from(text));
export const pongFrame = (payload: Buffer): Buffer => clientFrame(10, payload);
