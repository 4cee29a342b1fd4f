// Puts the chosen theme on the page before anything is painted; see src/theme/theme.ts.
try {
  const theme = localStorage.getItem("colloquy.theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is switched off: the system's theme it is.
}
