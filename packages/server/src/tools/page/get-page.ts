import { isIP } from "node:net";
import { Agent, type Dispatcher } from "undici";
import { acceptEncoding, readBody, type Body } from "../read-body.ts";
import { readPageAddress, type PortRule } from "./read-page-address.ts";

/** What may be dialled, and how names are resolved. */
export interface DialRules {
  /** All addresses of a host. */
  resolve(host: string): Promise<readonly string[]>;
  mayDial(address: string): boolean;
  readonly mayUse: PortRule;
}

export interface Page {
  /** Where it was found after all redirects. */
  readonly url: URL;
  /** Lower case, without parameters. */
  readonly type: string;
  readonly charset: string | undefined;
  readonly body: Body;
}

const maxRedirects = 5;
const maxBytes = 1024 * 1024;
const redirects = new Set([301, 302, 303, 307, 308]);
const readable =
  /^(?:text\/[\w.+-]+|application\/(?:json|xml|xhtml\+xml)|application\/[\w.-]+\+(?:json|xml))$/;

const headers = {
  accept: "text/html, text/plain;q=0.9, application/json;q=0.9, application/xml;q=0.8, text/*;q=0.7",
  "accept-encoding": acceptEncoding,
  "accept-language": "en, *;q=0.5",
  "user-agent": "Colloquy",
};

const headerOf = (response: Dispatcher.ResponseData, name: string): string => {
  const value = response.headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? "";
};

/** Rejects as soon as the signal is aborted; resolving names cannot be stopped. */
const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });

/** Every address of the host, each of which may be dialled. */
const addressesOf = async (
  host: string,
  rules: DialRules,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const all = isIP(host) > 0 ? [host] : await orAborted(rules.resolve(host), signal);
  if (all.length === 0) throw new Error(`There is no host ${host}.`);
  // One bad address is enough: which of them would be dialled is chance.
  if (!all.every((address) => rules.mayDial(address)))
    throw new Error(`${host} is not on the public internet, so it is not read.`);
  return all;
};

/** Connections that go to these addresses and nowhere else, whatever the name resolves to by then. */
const agentFor = (addresses: readonly string[]): Agent => {
  const checked = addresses.map((address) => ({ address, family: isIP(address) }));
  const [first] = checked;
  return new Agent({
    allowH2: false,
    connections: 1,
    connect: {
      timeout: 10_000,
      lookup: (_host, options, done) => {
        if (options.all === true) done(null, checked);
        else done(null, first?.address ?? "", first?.family);
      },
    },
  });
};

/**
 * Gets a page from the public internet without cookies or credentials. The addresses of its host, and of every host that it
 * redirects to, are checked, and the checked ones are dialled.
 *
 * @throws Error with a sentence for the model, or whatever went wrong on the way
 */
export const getPage = async (address: string, rules: DialRules, signal: AbortSignal): Promise<Page> => {
  let text = address;
  let base: URL | undefined;
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const read = readPageAddress(text, rules.mayUse, base);
    if (!read.ok)
      throw new Error(base ? `The page sends on to an address that is not read. ${read.says}` : read.says);
    const { url, host } = read;
    const agent = agentFor(await addressesOf(host, rules, signal));
    try {
      const response = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: "GET",
        headers,
        signal,
      });
      // A body that is not read to its end fails when its connection is ended; nobody would hear it.
      response.body.on("error", () => {});
      if (redirects.has(response.statusCode) && headerOf(response, "location") !== "") {
        text = headerOf(response, "location");
        base = url;
        continue;
      }
      if (response.statusCode < 200 || response.statusCode > 299)
        throw new Error(`The page answered with status ${response.statusCode}.`);
      const [type = "", ...parameters] = headerOf(response, "content-type").toLowerCase().split(";");
      if (!readable.test(type.trim()))
        throw new Error(`That is no text to read, but ${type.trim().slice(0, 80) || "of no known type"}.`);
      const charset = /\bcharset="?([\w.:-]+)/.exec(parameters.join(";"))?.[1];
      const body = await readBody(response.body, headerOf(response, "content-encoding"), maxBytes);
      return { url, type: type.trim(), charset, body };
    } finally {
      // Ends the connection too, with whatever of the body was not read.
      await agent.destroy();
    }
  }
  throw new Error(`The page was sent on more than ${maxRedirects} times.`);
};
