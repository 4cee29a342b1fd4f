import type { Code } from "@colloquy/protocol";

/** The part of a request that is looked at before any socket opens. */
export interface AdmissionRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The address that the connection came from. */
  readonly remoteAddress: string | undefined;
}

/** What the operator has configured about who may knock. */
export interface AdmissionRules {
  /** Host names that the server answers to beside loopback: `name`, `name:port`, `*.name` for what is under it, or `*`. */
  readonly hosts: readonly string[];
  /** Origins of pages that may connect beside the server's own, as a browser writes them: `https://app.example.com`. */
  readonly origins: readonly string[];
  /** `loopback`: only from this machine and through no proxy. */
  readonly anonymous: "never" | "loopback" | "always";
}

/** A single header; one that came twice counts as unreadable, not as absent. */
const headerOf = (request: AdmissionRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
};

/** Whether an IP address is this machine's own, also when written as IPv4 in IPv6. */
export const isLoopbackAddress = (address: string | undefined): boolean =>
  address !== undefined && /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i.test(address);

/** Whether a name to bind to or to ask for (without a port) can only mean this machine. */
export const isLoopbackHost = (host: string): boolean => {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || isLoopbackAddress(name);
};

interface HostName {
  /** Lower case, without a dot at the end. */
  readonly name: string;
  readonly port: string;
}

const hostShape = /^(\[[0-9a-f:.]+\]|[^\s:/?#@[\]\\,]+)(?::(\d{1,5}))?$/;

const parseHost = (text: string): HostName | undefined => {
  const [, name, port = ""] = hostShape.exec(text.toLowerCase()) ?? [];
  return name === undefined ? undefined : { name: name.replace(/\.$/, ""), port };
};

const fitsHost = (rule: string, host: HostName): boolean => {
  if (rule === "*") return true;
  if (rule.startsWith("*.")) return host.name.endsWith(rule.slice(1).toLowerCase());
  const wanted = parseHost(rule);
  return wanted?.name === host.name && (wanted.port === "" || wanted.port === host.port);
};

const isOwnOrigin = (origin: string, host: HostName): boolean => {
  const page = URL.parse(origin);
  if (!page || (page.protocol !== "http:" && page.protocol !== "https:")) return false;
  if (page.origin !== origin.toLowerCase()) return false;
  const port = host.port === "" || host.port === (page.protocol === "http:" ? "80" : "443") ? "" : host.port;
  return page.hostname === host.name && page.port === port;
};

/**
 * Whether a request may come in at all, whoever sent it: a page of a foreign origin would act with its visitor's cookies
 * (or simply with the visitor's place in the network), and a foreign Host is how a page gets around that by DNS.
 * Returns the code to refuse with, or undefined when the request is admitted.
 */
export const admit = (rules: AdmissionRules, request: AdmissionRequest): Code | undefined => {
  const host = parseHost(headerOf(request, "host") ?? "");
  if (!host) return "host_refused";
  if (!isLoopbackHost(host.name) && !rules.hosts.some((rule) => fitsHost(rule, host))) return "host_refused";
  const origin = headerOf(request, "origin");
  if (origin === undefined || isOwnOrigin(origin, host)) return undefined;
  const listed = rules.origins.some((allowed) => allowed.toLowerCase() === origin.toLowerCase());
  return listed ? undefined : "origin_refused";
};

const throughProxy = (request: AdmissionRequest): boolean =>
  Object.keys(request.headers).some(
    (name) =>
      name === "forwarded" || name === "via" || name === "x-real-ip" || name.startsWith("x-forwarded"),
  );

/**
 * Whether a request may be served without saying who it is. What comes through a proxy may come from anywhere, even
 * though the connection itself comes from this machine.
 */
export const mayBeAnonymous = (rules: AdmissionRules, request: AdmissionRequest): boolean => {
  if (rules.anonymous !== "loopback") return rules.anonymous === "always";
  return isLoopbackAddress(request.remoteAddress) && !throughProxy(request);
};
