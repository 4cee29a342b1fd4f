import { defineConfig } from "vitest/config";

const conditions = ["colloquy-source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    // Two cores are the smallest machine that the suite must pass on.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    execArgv: ["--conditions=colloquy-source"],
  },
});
