/**
 * Holds the floors of ARCHITECTURE.md: a file imports its own folder or lower floors; siblings on one floor do not see
 * each other; a port's users import the port, never an adapter, but for `app/compose*.ts`. Also holds the bounds of the
 * house: file length and names that say nothing.
 */
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const faults: string[] = [];

/** Server folders, top to bottom; a list is one floor whose folders do not see each other. */
const floors: readonly (readonly string[])[] = [
  ["main", "index"],
  ["app"],
  ["gateways/websocket", "gateways/socketio", "gateways/tcp", "gateways/http"],
  ["conversation"],
  ["turn"],
  ["sequencer"],
  ["models", "tools", "stores", "auth"],
  ["kernel"],
];

/** The files of a port's folder that others may import: the port, and pure words that belong to it. */
const ports: Readonly<Record<string, readonly string[]>> = {
  models: ["model", "panel", "worker-desk"],
  tools: ["tool"],
  stores: ["store", "live-journal"],
  auth: ["authenticator", "principal", "pattern", "admission", "server-key"],
};

const serverSrc = path.join(root, "packages/server/src");
const folderOf = (file: string): string => {
  const relative = path.relative(serverSrc, file).replaceAll("\\", "/");
  const [first = "", second = ""] = relative.split("/");
  if (!relative.includes("/")) return first.replace(/\.ts$/, "");
  return first === "gateways" ? `gateways/${second}` : first;
};
const floorOf = (folder: string): number => floors.findIndex((floor) => floor.includes(folder));

const isTest = (file: string): boolean => /\.(test|contract)\.ts$/.test(file);
const importsOf = (source: string): string[] =>
  [...source.matchAll(/(?:from|import)\s*\(?\s*["']([^"']+)["']/g)].map((match) => match[1] ?? "");

const mayBuild = (file: string): boolean => /^(app\/compose(-[a-z]+)?|index|main)\.ts$/.test(file);

const checkServerFile = (file: string, source: string): void => {
  const own = folderOf(file);
  const relative = path.relative(serverSrc, file).replaceAll("\\", "/");
  if (floorOf(own) === -1) faults.push(`${relative}: folder "${own}" is on no floor`);
  for (const specifier of importsOf(source)) {
    if (!specifier.startsWith(".")) continue;
    const target = path.resolve(path.dirname(file), specifier);
    const theirs = folderOf(target);
    if (theirs === own) continue;
    if (floorOf(theirs) <= floorOf(own))
      faults.push(`${relative} (${own}) imports upwards or sideways: ${specifier}`);
    const port = ports[theirs];
    const name = path.basename(target, ".ts");
    if (port && !port.includes(name) && !mayBuild(relative) && own !== "app") {
      faults.push(`${relative} imports an adapter: ${specifier}`);
    }
    if (
      port &&
      !port.includes(name) &&
      own === "app" &&
      !mayBuild(relative) &&
      /-(store|journal|model|authenticator)$/.test(name)
    ) {
      faults.push(`${relative}: only app/compose*.ts name an adapter: ${specifier}`);
    }
  }
};

const allowed: Readonly<Record<string, RegExp>> = {
  protocol: /^(\.|zod$)/,
  client: /^(\.|@colloquy\/protocol)/,
  // Peers of one entrance each: who uses the others does not need them.
  "client/rooms": /^(\.|@colloquy\/protocol|socket\.io-client$)/,
  "client/react": /^(\.|react$)/,
  console: /^(\.|@colloquy\/client|react|remark-)/,
};

const checkPackageFile = (pkg: string, file: string, source: string): void => {
  const folder = /\/src\/([^/]+)\//.exec(file)?.[1] ?? "";
  const pattern = allowed[`${pkg}/${folder}`] ?? allowed[pkg];
  if (!pattern) return;
  for (const specifier of importsOf(source)) {
    if (!pattern.test(specifier))
      faults.push(`${path.relative(root, file)}: ${pkg} may not import ${specifier}`);
    if (specifier === "zod" && !file.endsWith("parse.ts"))
      faults.push(`${path.relative(root, file)}: zod belongs to parse.ts`);
  }
};

let count = 0;
for (const match of globSync("{packages,bench,tests,scripts,examples}/**/*.{ts,tsx,mjs,css}", {
  cwd: root,
})) {
  const file = match.replaceAll("\\", "/");
  if (/node_modules|\/dist\//.test(file)) continue;
  count += 1;
  const full = path.join(root, file);
  const source = readFileSync(full, "utf8");
  const lines = source.split("\n").length - 1;
  if (lines > 250) faults.push(`${file}: ${lines} lines; 250 at most`);
  const base = path.basename(file).replace(/\..*$/, "");
  if (/^(utils?|helpers?|common|types|misc|shared)$/.test(base))
    faults.push(`${file}: a name that says nothing`);
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(base) && !file.endsWith(".d.ts"))
    faults.push(`${file}: names are kebab-case`);
  const pkg = /^packages\/([^/]+)\/src\//.exec(file)?.[1];
  if (pkg === undefined || isTest(file)) continue;
  if (pkg === "server") checkServerFile(full, source);
  else checkPackageFile(pkg, full, source);
}

for (const fault of faults) console.error(fault);
console.log(`floors: ${count} files, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;
