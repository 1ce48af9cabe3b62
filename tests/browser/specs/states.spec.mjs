//! The states that are easily left over: each of them whole at every size and in every colour, with axe, which looks at structure, names
//! and contrast as rules; and what the states say.

import { AxeBuilder } from "@axe-core/playwright";

import { expect, test } from "../fixtures/test.mjs";
import { allowClipboard, chooseFile, claimsOfJob, downloaded, field, jwt, linkOf, notice, paste, role, setupFile, shownFile, tooWide, verdict } from "../fixtures/person.mjs";
import { record, ROLE, STATES } from "../fixtures/states.mjs";

/** States that draw nothing that another one does not draw at its sizes: they are for the pictures. */
const PICTURED = ["files of the last right setup", "a record that says otherwise", "four roles of twelve long scopes"];
/** States in which axe looks at every column where only one has room; in the others at the one in which they are. */
const EVERYWHERE = ["example", "wrong fields", "a denied token"];
/** Windows: common ones, and those that a zoom of 200 % leaves of 1366x768 and of 1440x900. */
const WINDOWS = [[320, 640], [390, 844], [760, 900], [1024, 768], [1366, 768], [683, 384], [720, 450]];

test.beforeEach(({ context }) => allowClipboard(context));

/** Does `look` for each column that can be chosen, where only one has room and `all` are sought; else once. It is told where it is. */
async function eachPart(page, width, height, all, look) {
  await page.setViewportSize({ width, height });
  const parts = page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button");
  const shown = all && (await parts.first().isVisible()) ? await parts.all() : [null];
  for (const part of shown) {
    await part?.click();
    await look(`${width}x${height}${part === null ? "" : `, ${await part.textContent()}`}`);
  }
}

/** Parts of the page in which something is cut off or scrolls sideways though it should not. */
function cutOff(page) {
  return page.evaluate(() => {
    const mayScroll = "input, textarea, select, [role=tablist], .hidden, .hidden *, pre, pre *";
    return [...document.querySelectorAll("body *")]
      .filter((it) => it.checkVisibility() && !it.matches(mayScroll) && it.scrollWidth > it.clientWidth + 1 && it.clientWidth > 0)
      .filter((it) => getComputedStyle(it).overflowX !== "visible" && getComputedStyle(it).textOverflow !== "ellipsis")
      .map((it) => `${it.tagName.toLowerCase()}.${it.className}: ${it.scrollWidth} in ${it.clientWidth}`);
  });
}

/** Parts that stick out of the window, or out of the column that they are in. */
function stickingOut(page) {
  return page.evaluate(() => {
    const found = [];
    for (const column of document.querySelectorAll(".bench__column, main")) {
      if (!column.checkVisibility()) continue;
      const { right } = column.getBoundingClientRect();
      for (const it of column.querySelectorAll("*")) {
        if (!it.checkVisibility() || it.closest("[role=tablist], .hidden, svg")) continue;
        const box = it.getBoundingClientRect();
        if (box.width > 2 && box.right > right + 1) found.push(`${it.tagName.toLowerCase()}.${it.className}: ${Math.round(box.right - right)} px`);
      }
    }
    return found.slice(0, 5);
  });
}

/** What a screen reader or a keyboard would stumble over: ids and names that stand twice, areas that scroll and cannot be reached. */
function stumbles(page) {
  return page.evaluate(() => {
    const twice = (all) => all.filter((it, at) => all.indexOf(it) !== at);
    const nameOf = (it) => it.getAttribute("aria-label") ?? document.getElementById(it.getAttribute("aria-labelledby"))?.textContent ?? it.labels?.[0]?.textContent ?? "";
    const fields = [...document.querySelectorAll("input, select, textarea")].filter((it) => it.tabIndex >= 0 && it.checkVisibility());
    const scrolls = [...document.querySelectorAll("body *")].filter(
      (it) => it.checkVisibility() && /auto|scroll/.test(getComputedStyle(it).overflowY) && it.scrollHeight > it.clientHeight + 1 && !it.matches("input, select, textarea"),
    );
    const live = [...document.querySelectorAll("[aria-live], [role=status], [role=log], [role=alert], output")].filter((it) => !it.closest("[hidden]"));
    return {
      ids: twice([...document.querySelectorAll("[id]")].map((it) => it.id)),
      unnamed: fields.filter((it) => nameOf(it).trim() === "").map((it) => it.outerHTML.slice(0, 80)),
      names: twice(fields.map(nameOf)),
      unreachable: scrolls.filter((it) => it.tabIndex < 0 || nameOf(it).trim() === "").map((it) => `${it.tagName.toLowerCase()}.${it.className}`),
      live: live.map((it) => it.id),
    };
  });
}

/** Borders of controls that stand out less than 3:1 from what is behind them. */
function faintBorders(page) {
  return page.evaluate(() => {
    const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((it) => it / 255).map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ground = (it) => {
      for (let at = it.parentElement; at !== null; at = at.parentElement) {
        const colour = numbers(getComputedStyle(at).backgroundColor);
        if (colour[3] !== 0) return colour;
      }
      return [255, 255, 255];
    };
    const found = [];
    for (const it of document.querySelectorAll("input:not([type=checkbox], [type=radio], [type=file]), select, textarea, .button, .add, .chip__face")) {
      if (!it.checkVisibility()) continue;
      const [one, other] = [light(numbers(getComputedStyle(it).borderTopColor)), light(ground(it))];
      const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      if (ratio < 3) found.push(`${it.tagName.toLowerCase()}.${it.className}: ${ratio.toFixed(2)}`);
    }
    return found;
  });
}

/** What axe objects to, and where. `rules`: these alone. */
async function objections(page, rules) {
  const builder = new AxeBuilder({ page });
  const { violations, passes } = await (rules === undefined ? builder : builder.withRules(rules)).analyze();
  expect(passes.length, "axe looked at something").toBeGreaterThan(rules === undefined ? 5 : 0);
  return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 3).map(({ target }) => target.join(" ")) }));
}

for (const [name, come] of Object.entries(STATES)) {
  if (PICTURED.includes(name)) continue;
  test(`at every size, in both themes: ${name}`, async ({ page, site }) => {
    test.slow();
    // Without motion nothing is caught half-way between two colours.
    await page.emulateMedia({ reducedMotion: "reduce" });
    await come(page, site);
    expect.soft(await stumbles(page), "stumbling blocks").toEqual({ ids: [], unnamed: [], names: [], unreachable: [], live: ["status"] });
    for (const [width, height] of WINDOWS) {
      await eachPart(page, width, height, true, async (where) => {
        expect.soft(await tooWide(page), `${where}: how much wider than the window the page is`).toBe(0);
        expect.soft(await cutOff(page), `${where}: what is cut off, or scrolls sideways`).toEqual([]);
        expect.soft(await stickingOut(page), `${where}: what sticks out of its column`).toEqual([]);
      });
    }
    for (const [width, height] of [[1440, 960], [390, 844]]) {
      await eachPart(page, width, height, EVERYWHERE.includes(name), async (where) => {
        // The themes differ in their colours and in nothing else.
        await page.emulateMedia({ colorScheme: "light" });
        expect.soft(await objections(page), `${where}, light`).toEqual([]);
        expect.soft(await faintBorders(page), `${where}, light: borders`).toEqual([]);
        await page.emulateMedia({ colorScheme: "dark" });
        expect.soft(await objections(page, ["color-contrast"]), `${where}, dark`).toEqual([]);
        expect.soft(await faintBorders(page), `${where}, dark: borders`).toEqual([]);
      });
    }
  });
}

test("the verdict is in sight at every width, in one line where its column is not", async ({ page, site }) => {
  await STATES["four roles of twelve long scopes, a token denied"](page, site);
  for (const [width, height] of WINDOWS) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => scrollTo(0, 0));
    const words = [verdict(page).stamp, ...(await page.getByText("Denied", { exact: true }).all())];
    const inSight = [];
    for (const word of words) if (await word.isVisible()) inSight.push(await word.boundingBox());
    const seen = inSight.filter((box) => box.y >= 0 && box.y + box.height <= height && box.x >= 0 && box.x + box.width <= width);
    expect(seen.length, `${width}x${height}`).toBeGreaterThan(0);
    const line = page.getByRole("complementary", { name: "Verdict" });
    if (await line.isVisible()) expect((await line.boundingBox()).height, `${width}x${height}: the line`).toBeLessThan(50);
  }
});

test("what cannot be known here is said so, and so is what a record tells", async ({ page, site }) => {
  const answer = page.getByRole("region", { name: "Would this token get in?" });
  const open = verdict(page).journey.getByRole("listitem").filter({ hasText: "cannot be known here" });

  await STATES["a record of which the outcome cannot be known"](page, site);
  await expect(verdict(page).stamp).toContainText("Depends");
  await expect(open).toHaveText(/^Trust policy/);
  await expect(answer).toContainText("It cannot be known here");
  await expect(answer).toContainText("hangs on what was not given: gitlab.com:ref_protected.");
  await expect(page.getByRole("article", { name: "Token" })).toContainText("denied, says the record");
  await expect(page.getByRole("complementary", { name: "Verdict" })).toBeHidden();

  // Where the record's own sub decides, nothing has to be known.
  await paste(page, record({ userIdentity: { ...JSON.parse(record()).userIdentity, userName: "project_path:mygroup/other:ref_type:branch:ref:main", principalId: "arn:aws:iam::123456789012:oidc-provider/gitlab.com:https://gitlab.com:project_path:mygroup/other:ref_type:branch:ref:main" } }));
  await expect(page).toHaveTitle("Denied · Claimcheck");
  await expect(open).toHaveCount(0);

  await STATES["a record that says otherwise"](page, site);
  await expect(answer).toContainText("The record says otherwise: the policy has changed since");

  await STATES["a token that is not judged"](page, site);
  await expect(answer).toContainText("There is no verdict");
  await expect(answer).toContainText("https://aws.amazon.com/tags");

  await STATES["no such sample"](page, site);
  await expect(answer).toContainText("There is no such token: every branch is inside.");
  await expect(page.getByRole("article", { name: "Token" })).toHaveCount(0);
});

test("where copying is refused the text is laid out, chosen from its beginning, and the focus comes back", async ({ page, site }) => {
  await page.addInitScript(() => {
    if (navigator.clipboard) navigator.clipboard.writeText = () => Promise.reject(new DOMException("not allowed", "NotAllowedError"));
  });
  await site.open();
  for (const button of [page.getByRole("button", { name: /^Copy trust-policy/ }), page.getByRole("button", { name: "Share" })]) {
    await button.focus();
    await page.keyboard.press("Enter");
    const box = page.getByRole("textbox", { name: /press Ctrl\+C/ });
    await expect(box).toBeFocused();
    const { chosen, value, top } = await box.evaluate((it) => ({ chosen: it.value.slice(it.selectionStart, it.selectionEnd), value: it.value, top: it.scrollTop }));
    expect(chosen).toBe(value);
    expect(top, "its beginning is in sight").toBe(0);
    await page.getByRole("button", { name: "Close" }).click();
    await expect(box).toHaveCount(0);
    await expect(button, "the focus is where it was").toBeFocused();
  }
});

test("without storage and without a network everything works", async ({ page, site, context }) => {
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"]) {
      Object.defineProperty(globalThis, name, {
        get() {
          throw new DOMException("storage is blocked", "SecurityError");
        },
      });
    }
  });
  await site.open();
  await context.setOffline(true);
  await field(page, `project, scope 1 of ${ROLE}`).fill("acme/shop");
  for (const tab of await page.getByRole("tab").allTextContents()) {
    await chooseFile(page, tab);
    await expect(shownFile(page)).toContainText(/\w/);
  }
  await chooseFile(page, "Terraform");
  expect((await downloaded(page)).bytes.toString()).toContain("acme/shop");
  await paste(page, jwt(claimsOfJob({ project_path: "acme/shop" })));
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await page.getByRole("button", { name: "Share" }).click();
  await expect(notice(page, "Copied the link to this setup")).toBeVisible();
  await page.getByRole("button", { name: /^Colours/ }).click();
  await page.getByRole("button", { name: "Help: how it works" }).click();
  await expect(page.getByRole("main", { name: "How it works" })).toContainText("acme/shop");
  // What the page stored is asked of its storage, which is blocked here: nothing can be.
  await context.setOffline(false);
  await page.goto("about:blank");
});

test("a printed page is a review sheet: all three parts, dark on light, nothing to press", async ({ page, site }) => {
  // From a telephone, in dark colours: the sheet is the same.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.emulateMedia({ colorScheme: "dark" });
  await STATES["a denied token"](page, site);
  for (let press = 0; press < 2; press += 1) await page.getByRole("button", { name: /^Colours/ }).click();
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  for (const name of ["Who may get in", "What to deploy", "Would this token get in?"]) {
    await expect(page.getByRole("region", { name })).toBeVisible();
    await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();
  }
  await expect(role(page, ROLE)).toBeAttached();
  await expect(field(page, `project, scope 1 of ${ROLE}`)).toHaveValue("mygroup/myrepo");
  await expect(field(page, `project, scope 1 of ${ROLE}`)).toBeVisible();
  await expect(shownFile(page)).toBeVisible();
  await expect(verdict(page).stamp).toBeVisible();
  await expect(verdict(page).comparison).toBeVisible();
  await expect(page.getByRole("table", { name: "Sample tokens against each role" })).toBeVisible();
  const pressed = page.getByRole("button").filter({ visible: true });
  expect(await pressed.allTextContents(), "what a sheet of paper cannot do").toEqual(await page.locator(".tests__sample").allTextContents());
  const colour = await page.locator("body").evaluate((it) => getComputedStyle(it).color);
  expect(Math.max(...colour.match(/\d+/g).map(Number)), "ink").toBeLessThan(80);

  // On paper: the lines of a long file too, which on a screen are drawn when they come into sight.
  await page.setViewportSize({ width: 1440, height: 960 });
  await page.emulateMedia({ media: "screen" });
  await chooseFile(page, ".gitlab-ci.yml");
  await page.emulateMedia({ media: "print" });
  const last = page.locator(".code__line").last();
  expect(await last.evaluate((it) => getComputedStyle(it).contentVisibility)).toBe("visible");
  const pages = (await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g).length;
  expect(pages).toBeGreaterThan(1);
  expect(pages).toBeLessThan(6);
});

test.describe("forced colours", () => {
  test.use({ forcedColors: "active" });

  test("what is chosen, wrong, marked and denied can be told without colour", async ({ page, site }) => {
    await STATES["a denied token"](page, site);
    const style = (it, name) => it.evaluate((it, name) => getComputedStyle(it)[name], name);
    const tab = page.getByRole("tab", { selected: true });
    await expect(tab).toHaveText("Trust policy");
    expect(await style(tab, "outlineStyle")).toBe("solid");
    expect(await style(page.getByRole("tab", { name: "Terraform" }), "outlineStyle")).toBe("none");
    expect(await style(page.locator(".code__line[data-marked]"), "outlineStyle")).toBe("solid");
    await expect(verdict(page).stamp).toContainText("Denied");
    const stages = verdict(page).journey.getByRole("listitem");
    const sign = (at) => stages.nth(at).evaluate((it) => getComputedStyle(it, "::after").content);
    expect(await sign(0)).toContain("✓");
    expect(await sign(4)).toContain("✕");
    expect(await stages.nth(1).evaluate((it) => getComputedStyle(it, "::before").borderTopStyle), "the line between them").toBe("solid");
    await expect(verdict(page).comparison.getByRole("row", { name: /^ref_type/ })).toContainText("✓");
    await expect(verdict(page).comparison.getByRole("row", { name: /^ref /i })).toContainText("✕");
    const account = field(page, "Account");
    const right = parseFloat(await style(account, "borderTopWidth"));
    await account.fill("12");
    expect(parseFloat(await style(account, "borderTopWidth"))).toBeGreaterThan(right);
  });
});

test("what moves is short, and nothing moves for those who prefer it so", async ({ page, site }) => {
  await site.open();
  const longest = () =>
    page.evaluate(() => {
      const seconds = (text) => Math.max(...text.split(",").map(parseFloat));
      const times = [...document.querySelectorAll("body *")].map((it) => getComputedStyle(it)).map((it) => seconds(it.transitionDuration) + seconds(it.animationDuration));
      return Math.max(...times);
    });
  expect(await longest()).toBeLessThanOrEqual(0.15);
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await longest()).toBe(0);
});

test("blanks of a sentence show what is in them, up to the width of the line", async ({ page, site }) => {
  await site.open(linkOf(setupFile("several-roles")));
  const clipped = () =>
    page.evaluate(() => [...document.querySelectorAll(".sentence input")].filter((it) => it.scrollWidth > it.clientWidth + 1).map((it) => it.value));
  expect(await clipped()).toEqual([]);
  const project = page.getByRole("textbox", { name: /^project, scope 1 of / }).or(page.getByRole("combobox", { name: /^project, scope 1 of / }));
  await project.fill("acme/platform/shop-api");
  expect(await clipped()).toEqual([]);
});
