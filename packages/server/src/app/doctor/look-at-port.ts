import { createServer } from "node:net";
import { addressOf } from "../banner.ts";
import { bad, good, type Finding } from "./finding.ts";

const about = "port";

const tryToListen = (host: string, port: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });

const isColloquy = async (url: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) });
    return answer.ok;
  } catch {
    return false;
  }
};

/** Whether a server answers already where this one would listen. */
export const isRunningAt = async (host: string, port: number): Promise<boolean> =>
  port !== 0 && (await isColloquy(addressOf({ host, port }, "http")));

const todo: Readonly<Record<string, string>> = {
  EADDRINUSE: "Stop the program that has it, or set PORT to another one.",
  EACCES: "Ports below 1024 need rights: set PORT to a higher one, and let a reverse proxy have the low one.",
  EADDRNOTAVAIL: "Set HOST to an address of this machine, such as 127.0.0.1.",
  ENOTFOUND: "Set HOST to an address of this machine, such as 127.0.0.1.",
};

/** Whether the server could listen where it is configured to. */
export const lookAtPort = async (host: string, port: number): Promise<Finding> => {
  const code = await tryToListen(host, port);
  if (code === undefined)
    return good(about, port === 0 ? "any free one will be taken." : `${host}:${port} is free.`);
  if (code === "EADDRINUSE" && (await isRunningAt(host, port))) {
    return good(about, `${host}:${port} is taken by a server that answers: it is running already.`);
  }
  return bad(
    about,
    `${host}:${port} cannot be listened on (${code}).`,
    todo[code] ?? "Set HOST and PORT to something else.",
  );
};
