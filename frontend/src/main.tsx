/** Starts words and queries, then shows the page of the address. */
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { makeQueryClient } from "./shell/queries";
import { startWords } from "./words";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/signs.css";
import "./styles/frame.css";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root.");

await startWords();
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={makeQueryClient()}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
