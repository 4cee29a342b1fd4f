import { createServer, type ServerResponse } from "node:http";
import { afterEach, expect, test } from "vitest";
import { listen } from "../../../../../tests/stand-ins/listen.ts";
import { testContext } from "../../../../../tests/stand-ins/tool-context.ts";
import { createWeather } from "./weather.ts";

let close = (): void => {};
afterEach(() => close());

const portlands = {
  results: [
    { name: "Portland", latitude: 45.5, longitude: -122.7, admin1: "Oregon", country: "United States" },
    { name: "Portland", latitude: 43.7, longitude: -70.3, admin1: "Maine", country: "United States" },
  ],
};
const forecast = {
  timezone: "America/New_York",
  current: {
    time: "2026-11-05T08:15",
    temperature_2m: 4.2,
    apparent_temperature: 1,
    relative_humidity_2m: 80,
    weather_code: 61,
    wind_speed_10m: 12.5,
  },
  daily: {
    time: ["2026-11-05", "2026-11-06"],
    weather_code: [61, null],
    temperature_2m_max: [7, 8],
    temperature_2m_min: [2, null],
    precipitation_probability_max: [90, 10],
  },
};

/** A stand-in for the service, and what it was asked. */
const service = async (answer: (url: URL, response: ServerResponse) => void) => {
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://service");
    asked.push(url);
    answer(url, response);
  });
  const base = `http://127.0.0.1:${await listen(server)}`;
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { asked, tool: createWeather({ placesUrl: base, forecastUrl: base }) };
};
const good = (url: URL, response: ServerResponse): void =>
  void response.end(JSON.stringify(url.pathname === "/v1/search" ? portlands : forecast));

test("the weather of a place is told, of the one in the region that was named", async () => {
  const { tool, asked } = await service(good);
  expect(await tool.run({ place: "Portland, Maine", days: 2 }, testContext())).toBe(
    [
      "Portland, Maine, United States",
      "Now (2026-11-05T08:15, America/New_York): light rain, 4.2 °C, feels like 1 °C, humidity 80 %, wind 12.5 km/h",
      "2026-11-05: light rain, 2 to 7 °C, rain or snow 90 %",
      "2026-11-06: unknown sky, ? to 8 °C, rain or snow 10 %",
      "Source: open-meteo.com",
    ].join("\n"),
  );
  expect(asked.map(({ pathname }) => pathname)).toEqual(["/v1/search", "/v1/forecast"]);
  expect(asked[0]?.searchParams.get("name")).toBe("Portland");
  expect(Object.fromEntries(asked[1]?.searchParams ?? [])).toMatchObject({
    latitude: "43.7",
    forecast_days: "2",
  });
});

test("units may be those of the United States", async () => {
  const { tool, asked } = await service(good);
  expect(await tool.run({ place: "Portland", units: "us" }, testContext())).toMatch(/4\.2 °F.*12\.5 mph/);
  expect(asked[1]?.searchParams.get("temperature_unit")).toBe("fahrenheit");
});

test.each([
  [
    "no such place",
    (_url: URL, response: ServerResponse) => void response.end("{}"),
    /No place called "Nowhere"/,
  ],
  ["too often", (_url: URL, response: ServerResponse) => void response.writeHead(429).end(), /too often/],
  ["a fault", (_url: URL, response: ServerResponse) => void response.writeHead(503).end("{"), /status 503/],
  ["no JSON", (_url: URL, response: ServerResponse) => void response.end("<html>"), /unreadable/],
  [
    "another shape",
    (_url: URL, response: ServerResponse) => void response.end('{"results":[{}]}'),
    /unreadable/,
  ],
  ["too much", (_url: URL, response: ServerResponse) => void response.end("[".repeat(300_000)), /unreadable/],
  ["a cut connection", (_url: URL, response: ServerResponse) => void response.destroy(), /cannot be reached/],
])("P12 %s is said in a sentence", async (_what, answer, says) => {
  const { tool } = await service(answer);
  await expect(tool.run({ place: "Nowhere" }, testContext())).rejects.toThrow(says);
});

test("P9 a stop ends it", async () => {
  const { tool, asked } = await service(() => {});
  const stop = new AbortController();
  const told = tool.run({ place: "Portland" }, testContext(stop.signal));
  await expect.poll(() => asked.length).toBe(1);
  stop.abort(new Error("stopped"));
  await expect(told).rejects.toThrow("stopped");
});
