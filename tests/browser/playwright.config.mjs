//! How the browser tests run: one Chromium, two workers, no retries, as a test that fails now and then is a failure.

import { defineConfig } from "@playwright/test";

import { chromium } from "./fixtures/chromium.mjs";

const inCi = process.env.CI === "true";

export default defineConfig({
  testDir: "specs",
  outputDir: "results",
  workers: 2,
  fullyParallel: true,
  retries: 0,
  timeout: 30_000,
  forbidOnly: inCi,
  reporter: "list",
  use: {
    launchOptions: chromium,
    // The page decides by the browser's setting which theme it shows: each test says which one it means.
    colorScheme: "light",
    viewport: { width: 1440, height: 960 },
    // Pictures and steps of what failed, in results/.
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
