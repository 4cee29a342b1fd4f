import { afterEach, expect, test } from "vitest";
import { createMeter, observe } from "../kernel/meter.ts";
import { createMetrics, type Metrics } from "./metrics.ts";

const open: Metrics[] = [];
const metricsOf = (meter = createMeter()): Metrics => {
  const metrics = createMetrics(meter, "1.2.3");
  metrics.start();
  open.push(metrics);
  return metrics;
};
afterEach(async () => {
  for (const metrics of open.splice(0)) {
    await metrics.close();
    await metrics.close();
  }
});

test("shows what the meter holds at the moment of asking", async () => {
  const meter = createMeter();
  const metrics = metricsOf(meter);
  meter.connections = 3;
  meter.queued = 2;
  meter.completed = 5;
  meter.bytes = 1_000;
  const first = await metrics.text();
  for (const line of [
    'colloquy_info{version="1.2.3"} 1',
    "colloquy_connections 3",
    'colloquy_turns{state="queued"} 2',
    'colloquy_turns{state="waiting"} 0',
    'colloquy_turns_ended_total{end="completed"} 5',
    "colloquy_bytes_total 1000",
    "# TYPE colloquy_resets_total counter",
  ]) {
    expect(first.split("\n")).toContain(line);
  }
  meter.completed = 6;
  expect(await metrics.text()).toContain('colloquy_turns_ended_total{end="completed"} 6');
});

test("histograms are cumulative, in seconds, and end with everything", async () => {
  const meter = createMeter();
  for (const age of [0.5, 1, 3, 2_000]) observe(meter.tokenAge, age);
  const lines = (await metricsOf(meter).text()).split("\n").filter((line) => line.includes("token_age"));
  expect(lines).toContain('colloquy_token_age_seconds_bucket{le="0.001"} 2');
  expect(lines).toContain('colloquy_token_age_seconds_bucket{le="0.005"} 3');
  expect(lines).toContain('colloquy_token_age_seconds_bucket{le="1"} 3');
  expect(lines).toContain('colloquy_token_age_seconds_bucket{le="+Inf"} 4');
  expect(lines).toContain("colloquy_token_age_seconds_count 4");
  expect(lines).toContain("colloquy_token_age_seconds_sum 2.0045");
});

test("every line is a comment or a sample, and two servers fit into one process", async () => {
  const texts = await Promise.all([metricsOf().text(), metricsOf().text()]);
  for (const text of texts) {
    for (const line of text.split("\n").filter((part) => part !== "")) {
      expect(line).toMatch(/^(# (HELP|TYPE) \S+ .+|[a-z_]+(\{[a-z]+="[^"]*"\})? -?[\d.e+-]+)$/);
    }
  }
});

test("what was dropped is read from wherever it is counted, and left out where nobody counts", async () => {
  const metrics = createMetrics(createMeter(), "1.2.3", {
    datagrams: {
      "main: badJson": () => 2,
      "main: kernel": async () => 7,
      "lab: kernel": async () => undefined,
    },
    breakouts: { "main: http": () => 1 },
  });
  open.push(metrics);
  const [text] = await Promise.all([metrics.text(), metrics.text()]);
  const lines = text.split("\n").filter((line) => line.includes("_dropped_total{"));
  expect(lines).toEqual([
    'colloquy_datagrams_dropped_total{reason="main: badJson"} 2',
    'colloquy_datagrams_dropped_total{reason="main: kernel"} 7',
    'colloquy_breakouts_dropped_total{reason="main: http"} 1',
  ]);
});
