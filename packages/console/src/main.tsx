import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { createFrameLog } from "./inspector/frame-log.ts";
import { createSession } from "./session/session.ts";
import { baseUrl, socketUrl } from "./session/socket-url.ts";
import "./styles/index.css";

const root = document.getElementById("root");
if (root) {
  const log = createFrameLog();
  const places = { socket: socketUrl(location), base: baseUrl(location) };
  const session = createSession(places, { onFrame: log.take });
  createRoot(root).render(
    <StrictMode>
      <App session={session} log={log} />
    </StrictMode>,
  );
}
