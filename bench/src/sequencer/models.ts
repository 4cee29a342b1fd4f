import { createSocket, type Socket } from "node:dgram";

/** A prompt as a model hears it. */
export interface HeardPrompt {
  readonly id: string;
  readonly text: string;
  readonly model: number;
}

export interface ModelsOptions {
  readonly ports: readonly number[];
  readonly replyTo: number;
  /** Repeat the prompt's id. */
  readonly echo: boolean;
  /** Its reply, if the prompt is this model's own; called at the moment that the datagram is read. */
  readonly hear: (prompt: HeardPrompt) => void;
}

/** UDP models in the load's process: each says nothing but its own answers, as real ones do. */
export interface Models {
  reply(prompt: HeardPrompt, text: string): void;
}

const bind = (socket: Socket, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(port, "127.0.0.1", resolve);
  });

export const openModels = async ({ ports, replyTo, echo, hear }: ModelsOptions): Promise<Models> => {
  const sockets = ports.map(() =>
    createSocket({ type: "udp4", lookup: (host, _options, done) => done(null, host, 4) }),
  );
  for (const [model, socket] of sockets.entries()) {
    await bind(socket, ports[model] ?? 0);
    socket.setRecvBufferSize(4 * 1024 * 1024);
    socket.on("message", (bytes) => {
      const { id = "", message }: { id?: string; message?: string } = JSON.parse(bytes.toString());
      if (message !== undefined) hear({ id, text: message, model });
    });
  }
  return {
    reply({ id, model }, text) {
      const reply = {
        message: text,
        sysbool: "True",
        timestamp: "00:00:00",
        sender: `Node-${ports[model] ?? 0}`,
        ...(echo && { id }),
      };
      sockets[model]?.send(JSON.stringify(reply), replyTo, "127.0.0.1");
    },
  };
};
