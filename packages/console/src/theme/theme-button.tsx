import { type JSX, useEffect, useState } from "react";
import { Icon } from "../parts/icon.tsx";
import { chooseTheme, onSystemTheme, presentTheme } from "./theme.ts";

/** Changes between dark and light. */
export const ThemeButton = (): JSX.Element => {
  const [theme, setTheme] = useState(presentTheme);
  useEffect(() => onSystemTheme(() => setTheme(presentTheme())), []);
  const other = theme === "dark" ? "light" : "dark";
  const change = (): void => {
    chooseTheme(other);
    setTheme(other);
  };
  return (
    <button
      type="button"
      className="icon-button"
      title={`Use ${other} colours`}
      aria-label={`Use ${other} colours`}
      onClick={change}
    >
      <Icon name={theme === "dark" ? "sun" : "moon"} />
    </button>
  );
};
