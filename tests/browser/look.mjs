//! Pictures of the built page, to be looked at by a person: `node look.mjs DIR [FRAGMENT]`, or `node look.mjs DIR --states`.
//!
//! Each size in light and dark, as it shows and in its whole length, and one in forced colours. With `--states` each state that the
//! tests know, in its whole length: wide and narrow, light and dark, forced colours, and the printed sheet.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { chromium as browserType } from "@playwright/test";

import { chromium } from "./fixtures/chromium.mjs";
import { allowClipboard } from "./fixtures/person.mjs";
import { serve } from "./fixtures/server.mjs";
import { STATES } from "./fixtures/states.mjs";
import { READY } from "./fixtures/test.mjs";

const [dir = "shots", what = "", only = ""] = process.argv.slice(2);
const SIZES = {
  wide: { width: 1440, height: 960 },
  middle: { width: 1024, height: 800 },
  narrow: { width: 390, height: 900 },
};
/** How each state is looked at. */
const LOOKS = {
  "wide-light": { viewport: SIZES.wide, colorScheme: "light" },
  "wide-dark": { viewport: SIZES.wide, colorScheme: "dark" },
  "middle-light": { viewport: SIZES.middle, colorScheme: "light" },
  "narrow-light": { viewport: SIZES.narrow, colorScheme: "light" },
  "smallest-dark": { viewport: { width: 320, height: 640 }, colorScheme: "dark" },
  "wide-forced": { viewport: SIZES.wide, forcedColors: "active" },
};

await mkdir(dir, { recursive: true });
const host = await serve();
const browser = await browserType.launch(chromium);
try {
  if (what === "--states") {
    for (const [name, come] of Object.entries(STATES)) if (name.includes(only)) await lookAt(name, come);
  } else {
    for (const [name, viewport] of Object.entries(SIZES)) {
      for (const colorScheme of ["light", "dark"]) await take(`${name}-${colorScheme}`, { viewport, colorScheme });
    }
    await take("wide-forced-colours", { viewport: SIZES.wide, forcedColors: "active" });
  }
} finally {
  await browser.close();
  await host.close();
}

/** A page in a context of its own, and how it is opened. */
async function page(name, options) {
  const context = await browser.newContext(options);
  await allowClipboard(context);
  const page = await context.newPage();
  page.on("console", (message) => console.log(`${name}: ${message.type()}: ${message.text()}`));
  const open = async (fragment = "") => {
    await page.goto(host.address + fragment);
    await page.locator(READY).waitFor({ state: "attached" });
  };
  return { page, site: { open }, context };
}

async function take(name, options) {
  const { page: it, site, context } = await page(name, options);
  await site.open(what);
  for (const [suffix, fullPage] of [["", false], ["-whole", true]]) await shoot(it, `${name}${suffix}`, fullPage);
  await context.close();
}

async function lookAt(state, come) {
  const name = state.replaceAll(/[ ,]+/g, "-");
  for (const [look, options] of Object.entries(LOOKS)) {
    const { page: it, site, context } = await page(`${name} ${look}`, options);
    await come(it, site);
    await shoot(it, `${name}--${look}`, true);
    if (look === "wide-light") {
      // As wide as a sheet of A4 between its margins.
      await it.setViewportSize({ width: 718, height: 1000 });
      await it.emulateMedia({ media: "print" });
      await shoot(it, `${name}--printed`, true);
      await it.pdf({ path: join(dir, `${name}.pdf`), format: "A4" });
    }
    await context.close();
  }
}

async function shoot(page, name, fullPage) {
  const path = join(dir, `${name}.png`);
  await page.screenshot({ path, fullPage });
  console.log(path);
}
