//! axe finds nothing to object to, in either theme, at each width.

import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "../fixtures/test.mjs";

const SIZES = [
  { width: 1440, height: 960 },
  { width: 1024, height: 800 },
  { width: 390, height: 900 },
];

for (const colorScheme of ["light", "dark"]) {
  for (const viewport of SIZES) {
    test.describe(`${colorScheme}, ${viewport.width} px`, () => {
      test.use({ colorScheme, viewport });

      test("has no accessibility violation", async ({ page, site }) => {
        await site.open();
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        expect(passes.length, "axe looked at something").toBeGreaterThan(5);
        const told = violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.map(({ target }) => target.join(" ")) }));
        expect(told).toEqual([]);
      });

      test("does not scroll sideways", async ({ page, site }) => {
        await site.open();
        const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(beyond).toBe(0);
      });
    });
  }
}
