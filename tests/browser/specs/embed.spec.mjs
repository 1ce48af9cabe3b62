//! The page inside a page of another origin, as the README says to put it there: the README's own snippet is what is tested.
//!
//! Two frames on one page. What they post is written down, all of it.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { resolve } from "node:path";

import { chooseFile, field, linkOf, notice, printed, role, setupFile, settled } from "../fixtures/person.mjs";
import { READY, expect, test as base } from "../fixtures/test.mjs";
import { storedThings } from "../fixtures/storage.mjs";

const SNIPPET = readFileSync(resolve(import.meta.dirname, "../../../README.md"), "utf8").match(/```html\n(.*?)```/s)[1];
const PLACE = "https://claimcheck.example.com/#1.…&view=embed";

const test = base.extend({
  /** A page of another origin with these addresses in frames; answers when all of them are drawn. */
  around: async ({ page, site }, use) => {
    let body = "";
    const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end(body));
    await new Promise((done) => server.listen(0, "127.0.0.1", done));
    await use(async (fragments, change = (snippet) => snippet) => {
      const [script, frame] = SNIPPET.split("<iframe");
      const frames = fragments.map((it, at) => `<iframe id="f${at}"${frame.replace(PLACE, site.address + it)}`);
      body = `<!doctype html><title>Docs</title><link rel="icon" href="data:,"><h1>Deploying</h1>
        <script>globalThis.posted = []; addEventListener("message", ({ data, origin }) => posted.push({ data, origin }));</script>
        ${change(script + frames.join("<p>and</p>"))}`;
      site.expectProblem(/^request: GET http:\/\/127\.0\.0\.1:\d+\/docs$/);
      await page.goto(`http://127.0.0.1:${server.address().port}/docs`);
      for (const at of fragments.keys()) {
        await expect(page.frameLocator(`#f${at}`).locator(READY)).toBeAttached({ timeout: 15_000 });
      }
    });
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  },
});

/** The frame itself, to ask it things. */
async function frame(page, at) {
  return (await page.locator(`#f${at}`).elementHandle()).contentFrame();
}

/** Waits until the frame is as high as what is in it, and answers how high that is. */
async function fits(page, at) {
  const inside = await frame(page, at);
  const height = () => inside.evaluate(() => Math.ceil(document.body.getBoundingClientRect().height));
  await expect.poll(async () => (await height()) - Number(await page.locator(`#f${at}`).getAttribute("height"))).toBe(0);
  const room = () => inside.evaluate(() => document.documentElement.scrollHeight - innerHeight);
  expect(await room(), "nothing is left to scroll").toBe(0);
  return height();
}

const SEVERAL = setupFile("several-roles");
const ONE = setupFile("one-scope");

for (const width of [1280, 700, 320]) {
  test(`two frames report their heights and leave each other alone, ${width} wide`, async ({ page, site, around }) => {
    await page.setViewportSize({ width, height: 800 });
    // Where a browser blocks the storage of embedded pages, reading it throws.
    await page.addInitScript(() => {
      const get = () => {
        throw new DOMException("blocked", "SecurityError");
      };
      if (self !== top) for (const name of ["localStorage", "sessionStorage"]) Object.defineProperty(self, name, { get });
    });
    await around([`${linkOf(SEVERAL)}&view=embed&role=gitlab-review`, `${linkOf(ONE)}&view=embed`]);
    const [first, second] = [page.frameLocator("#f0"), page.frameLocator("#f1")];
    await expect(role(first, "gitlab-review")).toBeChecked();
    const before = [await fits(page, 0), await fits(page, 1)];
    for (const at of [0, 1]) {
      const inside = await frame(page, at);
      expect(await inside.evaluate(() => document.documentElement.scrollWidth - innerWidth), "nothing is too wide").toBe(0);
    }
    const untouched = await second.locator("#app").innerHTML();

    await role(first, "gitlab-prod").locator("xpath=..").click();
    await first.getByRole("button", { name: "+ add a scope" }).click();
    await field(first, "ref, scope 3 of gitlab-prod").fill("hotfix");
    await expect.poll(async () => (await fits(page, 0)) !== before[0]).toBe(true);
    if (width < 760) await first.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name: "Files" }).click();
    const heights = [];
    for (const title of ["Read me", "Trust policy"]) {
      await chooseFile(first, title);
      heights.push(await fits(page, 0));
    }
    expect(heights[0], "a short file makes the frame low again").toBeGreaterThan(heights[1]);

    expect(await second.locator("#app").innerHTML(), "the other frame").toBe(untouched);
    expect(await fits(page, 1)).toBe(before[1]);
    const posted = await page.evaluate(() => globalThis.posted);
    for (const { data, origin } of posted) {
      expect(site.address.startsWith(origin)).toBe(true);
      expect(data).toEqual({ type: "claimcheck:height", version: 1, height: expect.any(Number) });
    }
    const repeated = posted.filter(({ data }, at) => at > 0 && posted[at - 1].data.height === data.height);
    expect(repeated.length, "a height that stays is not said again").toBeLessThan(2);

    // Its address stays its own, and an embed's.
    await settled(page);
    const [mine, other] = [(await frame(page, 0)).url(), (await frame(page, 1)).url()];
    expect(mine).toMatch(/#1\.[\w-]+&view=embed$/);
    expect(JSON.parse(printed(["open", mine])).roles[0].scopes[2].ref).toBe("hotfix");
    expect(other).toBe(`${site.address}${linkOf(ONE)}&view=embed`);
    if (width < 760) await first.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name: "Who may get in" }).click();
    await role(first, "1+1=2,@3").locator("xpath=..").click();
    await expect.poll(async () => (await frame(page, 0)).url()).toMatch(/&view=embed&role=1\+1=2,@3$/);
    expect(page.url()).toMatch(/\/docs$/);
    expect(await storedThings(await frame(page, 1), { cookies: async () => [] }).catch((it) => String(it))).toContain("SecurityError");
  });
}

test("without the clipboard, what is copied is laid out; a shared link is the whole page's", async ({ page, site, around }) => {
  site.tolerateProblem(/Permissions policy|permissions policy/);
  await around([`${linkOf(SEVERAL)}&view=embed&role=gitlab-review`], (it) => it.replace('allow="clipboard-write"', ""));
  const inside = page.frameLocator("#f0");
  const box = inside.getByRole("textbox", { name: /^Copying is not allowed here/ });
  await inside.getByRole("tabpanel").getByRole("button", { name: /^Copy / }).click();
  await expect(box).toBeFocused();
  await expect(box).toHaveValue(printed(["generate", "-", "--only", "trust-policy", "--role", "gitlab-review"], SEVERAL));
  const selected = await box.evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd));
  expect(selected).toBe(await box.inputValue());
  await fits(page, 0);
  await inside.getByRole("button", { name: "Share" }).click();
  await expect(box).toHaveValue(new RegExp(`^${site.address}#1\\.[\\w-]+&role=gitlab-review$`));
});

test("the way out opens the whole page in a tab of its own", async ({ page, site, around, context }) => {
  await around([`${linkOf(ONE)}&view=embed`]);
  const inside = page.frameLocator("#f0");
  await expect(inside.getByRole("button", { name: "Save" })).toBeHidden();
  await field(inside, "project, scope 1 of gitlab-deploy").fill("mygroup/other");
  await settled(page);
  const [tab] = await Promise.all([context.waitForEvent("page"), inside.getByRole("link", { name: /^Open in Claimcheck/ }).click()]);
  await expect(tab.locator(READY)).toBeAttached({ timeout: 15_000 });
  expect(tab.url()).toMatch(/#1\.[\w-]+$/);
  await expect(field(tab, "project, scope 1 of gitlab-deploy")).toHaveValue("mygroup/other");
  await expect(tab.getByRole("button", { name: "Save" })).toBeVisible();
  expect(await tab.evaluate(() => globalThis.opener)).toBe(null);
  await tab.close();
});

test("a broken link in a frame is refused by name, and the frame stays one", async ({ page, around }) => {
  await around(["#1.cut&view=embed"]);
  const inside = page.frameLocator("#f0");
  await expect(notice(inside, "The address was not opened: this link is damaged").first()).toBeVisible();
  await expect(inside.getByRole("link", { name: /^Open in Claimcheck/ })).toBeVisible();
  await fits(page, 0);
});
