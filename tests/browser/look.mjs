//! Pictures of the built page, to be looked at by a person: `node look.mjs DIR [FRAGMENT]`.
//!
//! Each size in light and dark, as it shows and in its whole length, and one in forced colours.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { chromium as browserType } from "@playwright/test";

import { chromium } from "./fixtures/chromium.mjs";
import { serve } from "./fixtures/server.mjs";

const [dir = "shots", fragment = ""] = process.argv.slice(2);
const SIZES = [
  ["wide", { width: 1440, height: 960 }],
  ["middle", { width: 1024, height: 800 }],
  ["narrow", { width: 390, height: 900 }],
];

await mkdir(dir, { recursive: true });
const host = await serve();
const browser = await browserType.launch(chromium);
try {
  for (const [name, viewport] of SIZES) {
    for (const colorScheme of ["light", "dark"]) await take(`${name}-${colorScheme}`, { viewport, colorScheme });
  }
  await take("wide-forced-colours", { viewport: SIZES[0][1], forcedColors: "active" });
} finally {
  await browser.close();
  await host.close();
}

async function take(name, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.on("console", (message) => console.log(`${name}: ${message.type()}: ${message.text()}`));
  await page.goto(host.address + fragment);
  await page.waitForLoadState("networkidle");
  for (const [suffix, fullPage] of [["", false], ["-whole", true]]) {
    const path = join(dir, `${name}${suffix}.png`);
    await page.screenshot({ path, fullPage });
    console.log(path);
  }
  await context.close();
}
