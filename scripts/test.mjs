/**
 * `npm test`: from a fresh clone to the result of every suite. Arguments after `--` go to vitest
 * (`npm test -- packages/client`). The last line is `N passed, N failed, N skipped`, out of vitest's own report; where
 * the variable TEST_SUMMARY names a file, the line is written there too.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { runInOurPlace } from "./run-in-our-place.mjs";
import { say, setUp } from "./set-up.mjs";

const browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const findBrowser = () => {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const places = browsers.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [process.env.CHROMIUM, ...places].find((at) => at && existsSync(at));
};

/** Whether we may install Debian's packages: root, on Debian or what is made of it. */
const mayInstall = () => {
  if (process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
};

const installBrowser = () => {
  say("installing Chromium for the browser suite (apt-get; once) …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const aptGet = (...args) => spawnSync("apt-get", ["-qq", ...args], { stdio: "inherit", env }).status === 0;
  return aptGet("update") && aptGet("install", "-y", "--no-install-recommends", "chromium");
};

/** The line for people and machines. A file that could not even be loaded counts as one failure. */
const summaryOf = (report, code) => {
  const broken = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  const failed = report.numFailedTests + broken.length;
  // Also what failed outside of any test, such as an error that nobody caught.
  const shown = failed === 0 && code !== 0 ? 1 : failed;
  return `${report.numPassedTests} passed, ${shown} failed, ${report.numPendingTests + report.numTodoTests} skipped`;
};

const node = setUp();
if (findBrowser() === undefined && mayInstall()) installBrowser();
const browser = findBrowser();

const folder = mkdtempSync(path.join(tmpdir(), "colloquy-test-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
const reportFile = path.join(folder, "report.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${reportFile}`];
const vitest = ["node_modules/vitest/vitest.mjs", "run", ...reporters, ...process.argv.slice(2)];
const code = await runInOurPlace(node, vitest, browser === undefined ? {} : { CHROMIUM: browser });

if (browser === undefined) {
  say("left out: the browser suite, for there is no Chromium here; its tests are counted as skipped.");
  say("to have it: install Chromium (on Debian as root: apt-get install chromium), or name one in CHROMIUM.");
}
const summary = existsSync(reportFile)
  ? summaryOf(JSON.parse(readFileSync(reportFile, "utf8")), code)
  : "0 passed, 1 failed, 0 skipped";
if (process.env.TEST_SUMMARY) writeFileSync(process.env.TEST_SUMMARY, `${summary}\n`);
console.log(summary);
process.exitCode = code;
