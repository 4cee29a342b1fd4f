import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import { createSession } from "./session/session.ts";
import { socketUrl } from "./session/socket-url.ts";
import "./styles/index.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App session={createSession(socketUrl(location))} />
    </StrictMode>,
  );
}
