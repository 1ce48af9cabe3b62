//! Takes the pictures of `docs/walk.md`: `node walk.mjs DIR`. Each is as small as the part that its step speaks of.

import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { chromium as browserType } from "@playwright/test";

import { chromium } from "./fixtures/chromium.mjs";
import { allowClipboard } from "./fixtures/person.mjs";
import { serve } from "./fixtures/server.mjs";
import { READY } from "./fixtures/test.mjs";
import { STEPS } from "./fixtures/walk.mjs";

const [dir = "shots/walk"] = process.argv.slice(2);
/** What a picture, and what all of them, may weigh, in bytes. */
const MOST = 120_000;
const MOST_OF_ALL = 900_000;
/** The space around what a picture shows, in pixels. */
const MARGIN = 12;

await mkdir(dir, { recursive: true });
const host = await serve();
const browser = await browserType.launch(chromium);
try {
  // As tall as the longest file, so that no column scrolls.
  const context = await browser.newContext({ viewport: { width: 1440, height: 4000 }, colorScheme: "light", reducedMotion: "reduce" });
  await allowClipboard(context);
  const page = await context.newPage();
  const open = async () => {
    await page.goto(host.address);
    await page.locator(READY).waitFor({ state: "attached" });
  };
  let all = 0;
  for (const step of STEPS) {
    await step.does(page, { open });
    // What was said in passing has gone by itself.
    await page.locator(".notice").waitFor({ state: "detached", timeout: 10_000 });
    const path = join(dir, `${step.picture}.png`);
    await page.screenshot({ path, clip: await around(step.shows(page), step.margin ?? MARGIN) });
    const { size } = await stat(path);
    all += size;
    console.log(`${path}: ${size} bytes`);
    if (size > MOST) throw new Error(`${path} is larger than ${MOST} bytes`);
  }
  if (all > MOST_OF_ALL) throw new Error(`the pictures have ${all} bytes together: more than ${MOST_OF_ALL}`);
} finally {
  await browser.close();
  await host.close();
}

/** The box around all of the parts, with `margin` above and below. */
async function around(parts, margin) {
  const boxes = [];
  for (const part of parts) boxes.push(await part.boundingBox());
  const edge = (which, of) => which(...boxes.map(of));
  const [x, y] = [edge(Math.min, (it) => it.x) - MARGIN, edge(Math.min, (it) => it.y) - margin];
  const [right, bottom] = [edge(Math.max, (it) => it.x + it.width) + MARGIN, edge(Math.max, (it) => it.y + it.height) + margin];
  return { x: Math.max(0, x), y: Math.max(0, y), width: right - Math.max(0, x), height: bottom - Math.max(0, y) };
}
