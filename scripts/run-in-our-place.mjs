import { spawn } from "node:child_process";
import { constants } from "node:os";
import path from "node:path";
import { giveUp, root } from "./set-up.mjs";

/**
 * Runs a program to its end in our place: shares our streams, passes signals on, resolves to the code to exit with.
 *
 * @param {string} node
 * @param {string[]} args
 * @param {Record<string, string>} [env] added to ours
 * @returns {Promise<number>}
 */
export const runInOurPlace = (node, args, env = {}) =>
  new Promise((resolve) => {
    // What the program itself starts (`node`) shall be the pinned one too.
    const PATH = `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ""}`;
    const child = spawn(node, args, { cwd: root, stdio: "inherit", env: { ...process.env, PATH, ...env } });
    let told = 0;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.on(signal, () => {
        // npm passes on what the terminal has told us already: the same wish told twice is one wish.
        const repeated = told > 0 && performance.now() - told < 1000;
        told = performance.now();
        // Ctrl-C reaches every process of the terminal by itself.
        if (!repeated && !(signal === "SIGINT" && process.stdin.isTTY)) child.kill(signal);
      });
    }
    const parent = process.ppid;
    const watch = () => {
      // npm tells only the shell between us; where that dies of it, nobody is left to tell us.
      if (process.ppid === parent || told > 0) return;
      told = performance.now();
      child.kill("SIGTERM");
    };
    if (process.env.npm_lifecycle_event) setInterval(watch, 500).unref();
    child.on("error", (error) => giveUp(`could not run ${node}: ${error.message}`));
    child.on("exit", (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
