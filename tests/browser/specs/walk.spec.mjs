//! The walk of `docs/walk.md` can be walked: each step does what it says, and what its picture shows is there.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { expect, test } from "../fixtures/test.mjs";
import { allowClipboard } from "../fixtures/person.mjs";
import { STEPS } from "../fixtures/walk.mjs";

const DOCS = resolve(import.meta.dirname, "../../../docs");

test("a person walks from stored keys to short-lived credentials", async ({ page, site, context }) => {
  test.slow();
  await allowClipboard(context);
  for (const step of STEPS) {
    await test.step(step.picture, async () => {
      await step.does(page, site);
      for (const part of step.shows(page)) await expect(part).toBeVisible();
    });
  }
});

test("each step has its picture, and each picture its step", () => {
  const text = readFileSync(join(DOCS, "walk.md"), "utf8");
  const readme = readFileSync(join(DOCS, "../README.md"), "utf8");
  const named = [...text.matchAll(/\]\(walk\/([^)]+)\.png\)/g)].map((it) => it[1]);
  const inReadme = [...readme.matchAll(/\]\(docs\/walk\/([^)]+)\.png\)/g)].map((it) => it[1]);
  const pictures = STEPS.map((it) => it.picture).sort();
  expect([...named].sort()).toEqual(pictures);
  expect(readdirSync(join(DOCS, "walk")).sort()).toEqual(pictures.map((it) => `${it}.png`));
  expect(pictures).toEqual(expect.arrayContaining(inReadme));
  expect(inReadme.length).toBeGreaterThan(0);
  const bytes = pictures.map((it) => statSync(join(DOCS, "walk", `${it}.png`)).size);
  expect(Math.max(...bytes)).toBeLessThan(120_000);
  expect(bytes.reduce((all, it) => all + it)).toBeLessThan(900_000);
});
