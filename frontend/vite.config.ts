import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { localFonts } from "./build/localFonts.ts";

const root = fileURLToPath(new URL(".", import.meta.url));
const server = process.env.RAPPORTEUR_SERVER ?? "http://127.0.0.1:8000";

/** Two copies of these would break `instanceof` inside the editor. */
const SINGLE_COPY = [
  "yjs",
  "prosemirror-model",
  "prosemirror-state",
  "prosemirror-transform",
  "prosemirror-view",
];

export default defineConfig({
  base: "/",
  plugins: [react(), localFonts(root)],
  resolve: { dedupe: SINGLE_COPY },
  server: {
    proxy: {
      "/api": { target: server },
      "/healthz": { target: server },
      "/live": { target: server, ws: true },
    },
  },
  build: {
    target: "es2022",
    sourcemap: false,
    // The editor loads only where text is written: pages import document/ dynamically.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "editor", test: /node_modules[\\/](@tiptap|prosemirror-)/ },
            { name: "live", test: /node_modules[\\/](yjs|lib0|y-protocols|@hocuspocus)/ },
            { name: "react", test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
          ],
        },
      },
    },
  },
  test: {
    // Pure logic runs in node; a test that needs a page says `@vitest-environment jsdom`.
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}", "build/**/*.test.ts"],
    // Ends a test that hangs; far more than any takes, however slow and busy the machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
