import { defineConfig } from "vitest/config";

const conditions = ["colloquy-source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // A second, which is what it is else, goes by on a loaded machine.
    expect: { poll: { timeout: 15_000 } },
    execArgv: ["--conditions=colloquy-source"],
    // Two cores are the smallest machine that the suite must pass on.
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: "unit", include: ["packages/*/src/**/*.test.ts"] } },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["tests/**/*.test.ts"],
          // These start servers and browsers of their own, so one file at a time, after the others.
          maxWorkers: 1,
          // A browser, two servers and a test on two cores that others use too: what fails twice is broken.
          retry: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
