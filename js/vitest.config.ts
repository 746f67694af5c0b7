import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: "../node_modules/.vite",
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    root: new URL(".", import.meta.url).pathname,
    environment: "happy-dom",
    include: ["test/**/*.test.{ts,tsx}"],
  },
});
