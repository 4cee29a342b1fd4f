import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";

export default defineConfig({
  // Relative, so that the page also works below a path of somebody's reverse proxy.
  base: "./",
  plugins: [react()],
  resolve: { conditions: ["colloquy-source", ...defaultClientConditions] },
  build: {
    target: ["chrome123", "edge123", "firefox121", "safari17.5"],
    // The page may not use inline scripts, styles or images: everything is a file of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Kilobytes before they are packed; the page is one file, loaded once.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      "/ws": { target: "ws://localhost:8080", ws: true },
      "/socket.io": { target: "ws://localhost:8080", ws: true },
      "/v1": { target: "http://localhost:8080" },
    },
  },
});
