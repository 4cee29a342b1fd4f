import { z } from "zod";
import { defineTool } from "../define-tool.ts";
import { getJson } from "../get-json.ts";
import type { Tool } from "../tool.ts";
import { skyOf } from "./sky.ts";

/** A service that speaks as Open-Meteo does, which needs no key. */
export interface WeatherOptions {
  /** Finds places; `https://geocoding-api.open-meteo.com` when left out. */
  readonly placesUrl?: string | undefined;
  /** Forecasts; `https://api.open-meteo.com` when left out. */
  readonly forecastUrl?: string | undefined;
}

const parameters = z.object({
  place: z.string().min(2).max(100).describe("a town, such as Berlin or Portland, Oregon"),
  days: z.int().min(1).max(7).default(3).describe("days of forecast, today among them"),
  units: z.enum(["metric", "us"]).default("metric"),
});
type Wish = z.infer<typeof parameters>;

const text = z.string().max(200);
const placesShape = z.object({
  results: z
    .array(
      z.object({
        name: text,
        latitude: z.number(),
        longitude: z.number(),
        admin1: text.optional(),
        country: text.optional(),
      }),
    )
    .optional(),
});
const maybe = z.number().nullable();
const forecastShape = z.object({
  timezone: text,
  current: z.object({
    time: text,
    temperature_2m: z.number(),
    apparent_temperature: maybe,
    relative_humidity_2m: maybe,
    weather_code: z.number(),
    wind_speed_10m: maybe,
  }),
  daily: z.object({
    time: z.array(text).max(16),
    weather_code: z.array(maybe),
    temperature_2m_max: z.array(maybe),
    temperature_2m_min: z.array(maybe),
    precipitation_probability_max: z.array(maybe),
  }),
});

type Place = NonNullable<z.infer<typeof placesShape>["results"]>[number];

const away = "The weather service cannot be reached at the moment.";

const ask = async <S extends z.ZodType>(url: URL, shape: S, signal: AbortSignal): Promise<z.output<S>> => {
  let answer;
  try {
    answer = await getJson(url, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new Error(error instanceof SyntaxError ? "The weather service sent something unreadable." : away, {
      cause: error,
    });
  }
  if (!answer.ok) {
    throw new Error(
      answer.status === 429
        ? "The weather service was asked too often; try again later."
        : `The weather service answered with status ${answer.status}.`,
    );
  }
  const parsed = shape.safeParse(answer.body);
  if (!parsed.success)
    throw new Error("The weather service sent something unreadable.", { cause: parsed.error });
  return parsed.data;
};

/** The best match for "Portland, Oregon": of all Portlands the one whose region or country begins so. */
const choose = (places: readonly Place[], region: string | undefined): Place | undefined => {
  const wanted = region?.trim().toLowerCase();
  if (wanted === undefined || wanted === "") return places[0];
  const fits = ({ admin1 = "", country = "" }: Place): boolean =>
    admin1.toLowerCase().startsWith(wanted) || country.toLowerCase().startsWith(wanted);
  return places.find(fits) ?? places[0];
};

const urlOf = (base: string, path: string, query: Readonly<Record<string, string | number>>): URL => {
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  return url;
};

const show = (place: Place, forecast: z.infer<typeof forecastShape>, units: Wish["units"]): string => {
  const [degree, speed] = units === "us" ? ["°F", "mph"] : ["°C", "km/h"];
  const { current, daily } = forecast;
  const or = (value: number | null | undefined, unit: string): string => `${value ?? "?"}${unit}`;
  const where = [place.name, place.admin1, place.country].filter((part) => part !== undefined && part !== "");
  const now = [
    `${skyOf(current.weather_code)}, ${current.temperature_2m} ${degree}`,
    `feels like ${or(current.apparent_temperature, ` ${degree}`)}`,
    `humidity ${or(current.relative_humidity_2m, " %")}`,
    `wind ${or(current.wind_speed_10m, ` ${speed}`)}`,
  ];
  const days = daily.time.map((day, i) => {
    const range = `${or(daily.temperature_2m_min[i], "")} to ${or(daily.temperature_2m_max[i], ` ${degree}`)}`;
    const rain = `rain or snow ${or(daily.precipitation_probability_max[i], " %")}`;
    return `${day}: ${skyOf(daily.weather_code[i] ?? -1)}, ${range}, ${rain}`;
  });
  return [
    where.join(", "),
    `Now (${current.time}, ${forecast.timezone}): ${now.join(", ")}`,
    ...days,
    "Source: open-meteo.com",
  ].join("\n");
};

/** Tells the weather of a place, now and for some days. The name of the place is all that leaves the server. */
export const createWeather = (options: WeatherOptions = {}): Tool => {
  const { placesUrl = "https://geocoding-api.open-meteo.com", forecastUrl = "https://api.open-meteo.com" } =
    options;
  return defineTool({
    name: "weather",
    description: "Gives the present weather and the forecast of up to seven days for a place.",
    parameters,
    timeMs: 10_000,
    resultChars: 4_096,
    progress: ({ place }) => `Looking up the weather in ${place}`,
    async run({ place, days, units }, { signal }) {
      const [name = "", region] = place.split(",");
      const query = { name: name.trim(), count: 10, language: "en", format: "json" };
      const { results = [] } = await ask(urlOf(placesUrl, "/v1/search", query), placesShape, signal);
      const found = choose(results, region);
      if (!found) throw new Error(`No place called ${JSON.stringify(place)} was found.`);
      const forecast = urlOf(forecastUrl, "/v1/forecast", {
        latitude: found.latitude,
        longitude: found.longitude,
        current: "temperature_2m,apparent_temperature,relative_humidity_2m,weather_code,wind_speed_10m",
        daily: "weather_code,temperature_2m_max,temperature_2m_min,precipitation_probability_max",
        timezone: "auto",
        forecast_days: days,
        ...(units === "us" && { temperature_unit: "fahrenheit", wind_speed_unit: "mph" }),
      });
      return show(found, await ask(forecast, forecastShape, signal), units);
    },
  });
};
