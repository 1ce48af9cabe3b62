//! The states of the page, those that are easily left over too: what is wrong, unreadable, very long or very many.
//!
//! axe finds nothing in any of them, in either theme at each width; the page never scrolls sideways, no part of it does where it is
//! not meant to, and the verdict is in sight at every width. A zoom of 200 % is a window half as wide and half as high.

import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "../fixtures/test.mjs";
import { allClaims, allowClipboard, claimsOfJob, chooseFile, field, jwt, linkOf, paste, tooWide, verdict } from "../fixtures/person.mjs";

const ROLE = "gitlab-prod-deploy";

/** A path of 120 characters, and a ref of 80, no two alike. */
const longPath = (at) => `a-group-with-a-long-name/its-subgroup-of-platform-engineers/and-one-more-below-it/${`the-service-${at}-`.padEnd(120, "x")}`.slice(0, 120);
const longRef = (at) => `feature/${at}-${"a-branch-named-after-the-whole-title-of-its-ticket-".repeat(3)}`.slice(0, 80);

/** Four roles with twelve scopes each. */
const LARGE = {
  version: 1,
  gitlab: { audience: "https://gitlab.with-a-long-name.of-a-large-company.example.com/and/a/path" },
  aws: { account_id: "123456789012", region: "ap-southeast-2" },
  roles: [1, 2, 3, 4].map((role) => ({
    name: `gitlab-role-${role}-`.padEnd(64, "n"),
    environment: `review/${role}/$CI_COMMIT_REF_SLUG`,
    permissions: ["PowerUserAccess", "AmazonEC2ContainerRegistryPowerUser"].map((it) => `arn:aws:iam::aws:policy/${it}`),
    scopes: Array.from({ length: 12 }, (_, at) => ({
      project: longPath(`${role}-${at}`), ref: longRef(`${role}-${at}`), ref_protected: true, project_id: "4711000000",
      ...(at === 0 ? { pipeline_source: ["push", "web", "schedule", "merge_request_event"], user_email: "somebody.with.a.long.name@department.example.com" } : {}),
    })),
  })),
};

/** Each state, and how a person comes there. */
const STATES = {
  example: (page, site) => site.open(),
  "wrong fields": async (page, site) => {
    await site.open();
    await show(page, "Who may get in");
    await field(page, "Account").fill("12");
    await field(page, `project, scope 1 of ${ROLE}`).fill("");
    await field(page, `ref, scope 1 of ${ROLE}`).fill("x".repeat(300));
  },
  "a denied token": async (page, site) => {
    await site.open();
    await show(page, "Check");
    await paste(page, jwt(claimsOfJob({ project_path: longPath("x"), ref: longRef("x") })));
    await expect(page).toHaveTitle("Denied · Claimcheck");
    await allClaims(page);
  },
  "an unreadable token": async (page, site) => {
    await site.open();
    await show(page, "Check");
    await paste(page, "x".repeat(3000));
    await expect(page).toHaveTitle("Unreadable · Claimcheck");
  },
  "the box for a token": async (page, site) => {
    await site.open();
    await show(page, "Check");
    await page.getByRole("button", { name: "Paste a token" }).click();
  },
  "the fields of the CI file": async (page, site) => {
    await site.open();
    await show(page, "Files");
    await chooseFile(page, ".gitlab-ci.yml");
    await field(page, "Credentials").selectOption("assume-role");
    await field(page, "Job").fill("");
  },
  "a link that was refused": (page, site) => site.open("#1.damaged"),
  "four roles of twelve long scopes": async (page, site) => {
    await site.open(linkOf(JSON.stringify(LARGE)));
    await expect(page).toHaveTitle("Allowed · Claimcheck");
  },
  "four roles of twelve long scopes, a token denied": async (page, site) => {
    await site.open(linkOf(JSON.stringify(LARGE)));
    await show(page, "Check");
    await paste(page, jwt(claimsOfJob({ aud: LARGE.gitlab.audience, project_path: longPath("1-0"), ref: longRef("other"), project_id: "4711000000", user_email: "somebody.with.a.long.name@department.example.com" })));
    await expect(page).toHaveTitle("Denied · Claimcheck");
  },
};

/** The states that axe looks at at each width. */
const EVERYWHERE = ["example", "wrong fields", "a denied token", "an unreadable token"];

/** Where only one column has room, the bar chooses it. */
async function show(page, part) {
  const button = page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name: part });
  if (await button.isVisible()) await button.click();
}

test.beforeEach(({ context }) => allowClipboard(context));

for (const viewport of [{ width: 1440, height: 960 }, { width: 1024, height: 800 }, { width: 390, height: 900 }]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport });

    for (const [name, come] of Object.entries(STATES)) {
      // Where there is room for two columns nothing is drawn that the other widths have not: the rarer states are left out there.
      if (viewport.width === 1024 && !EVERYWHERE.includes(name)) continue;
      test(`axe has nothing to object to: ${name}`, async ({ page, site }) => {
        await come(page, site);
        const light = await new AxeBuilder({ page }).analyze();
        expect(light.passes.length, "axe looked at something").toBeGreaterThan(5);
        expect.soft(told(light), "light").toEqual([]);
        // The themes differ in their colours and in nothing else. Without motion none is caught half-way between the two.
        await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
        const dark = await new AxeBuilder({ page }).withRules(["color-contrast"]).analyze();
        expect(dark.passes.length, "axe looked at the contrast").toBe(1);
        expect.soft(told(dark), "dark").toEqual([]);
      });
    }
  });
}

/** What axe objects to, and where. */
function told({ violations }) {
  return violations.map(({ id, help, nodes }) => ({ id, help, where: nodes.slice(0, 3).map(({ target }) => target.join(" ")) }));
}

/** Windows: common ones, and those that a zoom of 200 % leaves of 1366x768 and of 1440x900. */
const WINDOWS = [[320, 640], [390, 844], [760, 900], [1024, 768], [1366, 768], [683, 384], [720, 450]];

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
    for (const column of document.querySelectorAll(".bench__column")) {
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

for (const [name, come] of Object.entries(STATES)) {
  test(`nothing stands twice or scrolls sideways: ${name}`, async ({ page, site }) => {
    await come(page, site);
    const twice = await page.evaluate(() => {
      const ids = [...document.querySelectorAll("[id]")].map((it) => it.id);
      return ids.filter((it, at) => ids.indexOf(it) !== at);
    });
    expect.soft(twice, "ids that stand twice").toEqual([]);
    for (const [width, height] of WINDOWS) {
      await page.setViewportSize({ width, height });
      const parts = page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button");
      const shown = (await parts.first().isVisible()) ? await parts.all() : [null];
      for (const part of shown) {
        await part?.click();
        const where = `${width}x${height}${part === null ? "" : `, ${await part.textContent()}`}`;
        expect.soft(await tooWide(page), `${where}: how much wider than the window the page is`).toBe(0);
        expect.soft(await cutOff(page), `${where}: what is cut off, or scrolls sideways`).toEqual([]);
        expect.soft(await stickingOut(page), `${where}: what sticks out of its column`).toEqual([]);
      }
    }
  });
}

test("the verdict is in sight at every width", async ({ page, site }) => {
  for (const [width, height] of WINDOWS) {
    await page.setViewportSize({ width: 1440, height: 960 });
    await site.open();
    await page.getByRole("combobox", { name: "Token" }).selectOption({ label: "A job on another branch" });
    await expect(page).toHaveTitle("Denied · Claimcheck");
    await page.setViewportSize({ width, height });
    const words = [verdict(page).stamp, ...(await page.getByText("Denied", { exact: true }).all())];
    const inSight = [];
    for (const word of words) if (await word.isVisible()) inSight.push(await word.boundingBox());
    const seen = inSight.filter((box) => box.y >= 0 && box.y + box.height <= height && box.x >= 0 && box.x + box.width <= width);
    expect(seen.length, `${width}x${height}`).toBeGreaterThan(0);
  }
});

test.describe("forced colours", () => {
  test.use({ forcedColors: "active" });

  test("the chosen role, tab and verdict can be told without colour", async ({ page, site }) => {
    await site.open();
    await expect(page.getByRole("tab", { selected: true })).toHaveText("Trust policy");
    await expect(page.getByRole("article", { name: "Token" })).toContainText("Allowed");
    const border = await page.getByRole("tab", { selected: true }).evaluate((it) => getComputedStyle(it).borderBottomColor);
    const other = await page.getByRole("tab", { name: "Terraform" }).evaluate((it) => getComputedStyle(it).borderBottomColor);
    expect(border).not.toBe(other);
  });
});
