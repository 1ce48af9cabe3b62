//! The page starts anywhere, and where it cannot, it says why.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { DIST } from "../fixtures/server.mjs";
import { expect, READY, test } from "../fixtures/test.mjs";

test("starts under a deep path", async ({ page, site }) => {
  await site.open();
  await expect(page).toHaveTitle(/Claimcheck/);
  await expect(page.getByRole("heading", { level: 1, name: "Claimcheck" })).toBeVisible();
  await expect(page.locator("#boot-message")).toBeHidden();
});

test("fetches each of its files once", async ({ site }) => {
  await site.open();
  expect([...site.requests].sort()).toEqual([...new Set(site.requests)].sort());
  expect(site.requests.filter((url) => url.endsWith(".wasm"))).toHaveLength(1);
});

test("paints its frame before the program is there", async ({ page, site }) => {
  let release;
  const held = new Promise((done) => (release = done));
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(site.address);
  await expect(page.getByText("GitLab CI → AWS, without keys")).toBeVisible();
  await expect(page.getByRole("heading", { name: "What to deploy" })).toBeVisible();
  await expect(page.locator(READY)).toHaveCount(0);
  release();
  await page.locator(READY).waitFor({ state: "attached" });
});

test("says so where there is no WebAssembly", async ({ page, site }) => {
  await page.addInitScript(() => delete globalThis.WebAssembly);
  site.tolerateProblem(/preloaded using link preload but not used/);
  await site.openBroken();
  await expect(page.getByRole("alert")).toContainText("no WebAssembly");
  await expect(page.getByRole("alert")).toContainText("native command");
});

test("says so where its program is missing on the server", async ({ page, site }) => {
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 404, body: "no such file" }));
  site.expectProblem(/404/);
  await site.openBroken();
  await expect(page.getByRole("alert")).toContainText("could not be loaded");
  await expect(page.getByRole("alert")).toContainText("Reload");
});

test("says so where its program is cut short", async ({ page, site }) => {
  await page.route("**/*.wasm", (route) =>
    route.fulfill({ contentType: "application/wasm", body: Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 255]) }),
  );
  await site.openBroken();
  await expect(page.getByRole("alert")).toContainText("cannot run the page's WebAssembly program");
});

test("says so where it was opened as a file", async ({ browser }) => {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(DIST, "index.html")).href);
  await expect(page.getByRole("alert")).toContainText("opened as a file");
  await page.close();
});

test.describe("without scripts", () => {
  test.use({ javaScriptEnabled: false });

  test("says that it needs them", async ({ page, site }) => {
    site.tolerateProblem(/preloaded using link preload but not used/);
    await page.goto(site.address);
    // By selector: locators by text do not look into <noscript>.
    await expect(page.locator("noscript h2")).toBeVisible();
    await expect(page.locator("noscript h2")).toHaveText("Claimcheck needs JavaScript");
  });
});

test("says so where its program stops on a fault", async ({ page, site }) => {
  await site.open();
  site.expectProblem(/unreachable/);
  await page.evaluate(() => {
    // A program with one function, which does what a fault in the page's own ends with.
    const faulty = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11];
    const { f } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(faulty))).exports;
    setTimeout(f);
  });
  await expect(page.getByRole("alert")).toContainText("program stopped");
  await expect(page.getByRole("alert")).toContainText("stands in its address");
});
