//! The main job with the keyboard alone: no mouse, no touch, no script in the page's place.
//!
//! Tab is pressed until the thing sought has the focus; on the way every stop has to be on the screen and to show that it has the
//! focus. Tabs and roles are walked with the arrow keys. What is removed hands the focus on, and nothing holds it.

import { expect, test } from "../fixtures/test.mjs";
import {
  allowClipboard, claimsOfJob, field, jwt, linkOf, printed, role, setupFile, setupInAddress, fileArea, shownFile, verdict, notice
} from "../fixtures/person.mjs";

const ROLE = "gitlab-prod-deploy";

/** What has the focus: its place among all elements, and whether a person can see that it has it. */
function focused(page) {
  return page.evaluate(() => {
    const it = document.activeElement;
    if (it === null || it === document.body || it === document.documentElement) return null;
    const label = it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent.slice(0, 40);
    // The ring is drawn on the element, or on what stands for it where the element itself is out of sight.
    const rings = [it, it.nextElementSibling, it.parentElement].filter((at) => {
      if (at === null) return false;
      const style = getComputedStyle(at);
      const { width, height } = at.getBoundingClientRect();
      return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && width > 6 && height > 6;
    });
    const box = (rings[0] ?? it).getBoundingClientRect();
    const inWindow = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    const at = [...document.querySelectorAll("*")].indexOf(it);
    return { at, label, shows: it.matches(":focus-visible") && rings.length > 0, inWindow };
  });
}

/** Presses a key until `target` has the focus. */
async function walkTo(page, target, key = "Tab", most = 80) {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press(key);
    const now = await focused(page);
    if (now !== null) {
      expect(now.shows, `"${now.label}" shows that it has the focus`).toBe(true);
      expect(now.inWindow, `"${now.label}" is on the screen when it has the focus`).toBe(true);
    }
    if (await target.evaluate((it) => it === document.activeElement)) return;
  }
  throw new Error(`${key} pressed ${most} times does not lead to ${target}`);
}

/** Types over what is in the field that has the focus. */
async function typeOver(page, text) {
  await page.keyboard.press("Control+A");
  await page.keyboard.type(text);
}

test.beforeEach(({ context }) => allowClipboard(context));

test("a person does the main job with the keyboard alone", async ({ page, site }) => {
  await site.open();

  await test.step("compose", async () => {
    await walkTo(page, field(page, "GitLab"));
    await typeOver(page, "https://gitlab.com");
    await walkTo(page, field(page, "Account"));
    await typeOver(page, "210987654321");
    await walkTo(page, field(page, `project, scope 1 of ${ROLE}`));
    await typeOver(page, "acme/shop");
    await walkTo(page, page.getByRole("checkbox", { name: `only if protected, scope 1 of ${ROLE}` }));
    await page.keyboard.press("Space");
    await expect(shownFile(page)).toContainText('"gitlab.com:ref_protected": "true"');
    await page.keyboard.press("Space");
    await expect(shownFile(page)).not.toContainText("ref_protected");
    await expect(shownFile(page)).toContainText("project_path:acme/shop:ref_type:branch:ref:main");
  });

  await test.step("walk the files with the arrows", async () => {
    const tab = (name) => page.getByRole("tab", { name, exact: true });
    await walkTo(page, tab("Trust policy"));
    for (const [key, name] of [
      ["ArrowRight", "Terraform"], ["ArrowRight", ".gitlab-ci.yml"], ["ArrowLeft", "Terraform"], ["End", "Read me"],
      ["ArrowRight", "Trust policy"], ["ArrowLeft", "Read me"], ["ArrowLeft", "Audit"], ["Home", "Trust policy"],
    ]) {
      await page.keyboard.press(key);
      await expect(tab(name)).toBeFocused();
      await expect(tab(name)).toHaveAttribute("aria-selected", "true");
      await expect(page.getByRole("tabpanel", { name, exact: true })).toBeVisible();
      await expect(page.getByRole("tab", { selected: true })).toHaveCount(1);
    }
  });

  await test.step("copy and download", async () => {
    const right = printed(["generate", "-", "--only", "trust-policy"], await setupInAddress(page));
    await walkTo(page, page.getByRole("button", { name: "Copy trust-policy-gitlab-prod-deploy.json" }));
    await page.keyboard.press("Enter");
    await expect(notice(page, "Copied trust-policy-gitlab-prod-deploy.json")).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(right);
    await walkTo(page, page.getByRole("button", { name: "Download trust-policy-gitlab-prod-deploy.json" }));
    const [file] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Space")]);
    expect(file.suggestedFilename()).toBe("trust-policy-gitlab-prod-deploy.json");
    await walkTo(page, fileArea(page));
  });

  await test.step("paste a token and read the verdict", async () => {
    await page.evaluate((it) => navigator.clipboard.writeText(it), jwt(claimsOfJob({ project_path: "acme/shop", ref: "dev" })));
    await walkTo(page, page.getByRole("button", { name: "Paste a token" }));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("textbox", { name: /^A JWT/ }), "the box has the focus").toBeFocused();
    await page.keyboard.press("Control+V");
    await expect(page).toHaveTitle("Denied · Claimcheck");
    await expect(verdict(page).ended).toContainText("Trust policy");
    await expect(page.getByRole("combobox", { name: "Token" }), "the focus goes back to where tokens are chosen").toBeFocused();
  });

  await test.step("judge it as of now", async () => {
    const ran = page.getByRole("radio", { name: /when the job ran$/ });
    await walkTo(page, ran);
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("radio", { name: "now" })).toBeChecked();
    await expect(page).toHaveTitle("Refused · Claimcheck");
    await page.keyboard.press("ArrowUp");
    await expect(ran).toBeChecked();
    await expect(page).toHaveTitle("Denied · Claimcheck");
  });

  await test.step("mend the scope", async () => {
    await walkTo(page, field(page, `ref, scope 1 of ${ROLE}`), "Shift+Tab");
    await typeOver(page, "dev");
    await expect(page).toHaveTitle("Allowed · Claimcheck");
  });

  await test.step("choose a sample in the table", async () => {
    const row = page.getByRole("button", { name: "The wrong audience" });
    await walkTo(page, row);
    await page.keyboard.press("Enter");
    await expect(row).toHaveAttribute("aria-pressed", "true");
    await expect(page).toHaveTitle("Refused · Claimcheck");
    await expect(row).toBeFocused();
  });
});

test("a token that is typed is checked with the button", async ({ page, site }) => {
  await site.open();
  await walkTo(page, page.getByRole("button", { name: "Paste a token" }));
  await page.keyboard.press("Enter");
  await page.keyboard.insertText(JSON.stringify(claimsOfJob({ ref: "dev" })));
  await walkTo(page, page.getByRole("button", { name: "Check it" }));
  await page.keyboard.press("Enter");
  await expect(page).toHaveTitle("Denied · Claimcheck");
  await expect(page.getByText("No signature was looked at")).toBeVisible();
});

test("roles are walked with the arrows, and a new one is named first", async ({ page, site }) => {
  await site.open();
  await walkTo(page, page.getByRole("button", { name: "Add a role" }));
  await page.keyboard.press("Enter");
  await expect(field(page, "name of the role of gitlab-role")).toBeFocused();
  await typeOver(page, "second");
  await walkTo(page, role(page, "second"), "Shift+Tab");
  await page.keyboard.press("ArrowLeft");
  await expect(role(page, ROLE)).toBeChecked();
  await expect(role(page, ROLE)).toBeFocused();
  await expect(page.getByRole("textbox", { name: `trust-policy-${ROLE}.json` })).toBeVisible();
  await page.keyboard.press("ArrowRight");
  await expect(role(page, "second")).toBeChecked();
  await expect(page.getByRole("textbox", { name: "trust-policy-second.json" })).toBeVisible();
  await walkTo(page, page.getByRole("button", { name: "Remove role" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("radiogroup", { name: "Roles" }).getByRole("radio")).toHaveCount(1);
  expect(await focused(page), "the focus is somewhere").not.toBeNull();
});

test("a scope that is removed hands the focus on", async ({ page, site }) => {
  await site.open();
  const add = page.getByRole("button", { name: "+ add a scope" });
  const project = (number) => field(page, `project, scope ${number} of ${ROLE}`);
  const remove = (number) => page.getByRole("button", { name: `Remove scope ${number} of ${ROLE}` });
  await expect(remove(1), "the only scope stays").toHaveCount(0);

  await walkTo(page, add);
  await page.keyboard.press("Enter");
  await expect(project(2)).toBeFocused();
  await typeOver(page, "acme/second");
  await walkTo(page, add);
  await page.keyboard.press("Enter");
  await typeOver(page, "acme/third");

  await walkTo(page, remove(2), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(project(2), "the next one took its place").toBeFocused();
  await expect(project(2)).toHaveValue("acme/third");
  await walkTo(page, remove(2), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(add, "there is no next one").toBeFocused();
  await expect(project(2)).toHaveCount(0);

  await walkTo(page, page.getByRole("button", { name: `Duplicate scope 1 of ${ROLE}` }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(project(2), "the copy").toBeFocused();
});

test("pins and policies that are added have the focus, and hand it on", async ({ page, site }) => {
  await site.open();
  const menu = page.getByRole("combobox", { name: `Add a pin, scope 1 of ${ROLE}` });
  await walkTo(page, menu);
  await page.keyboard.press("ArrowDown");
  await expect(field(page, `project_id, scope 1 of ${ROLE}`)).toBeFocused();
  await page.keyboard.type("4711");
  await expect(shownFile(page)).toContainText('"gitlab.com:project_id": "4711"');
  await walkTo(page, page.getByRole("button", { name: `Remove project_id, scope 1 of ${ROLE}` }));
  await page.keyboard.press("Enter");
  await expect(menu).toBeFocused();
  await expect(shownFile(page)).not.toContainText("project_id");

  const add = page.getByRole("button", { name: "Add a managed policy" });
  await walkTo(page, add);
  await page.keyboard.press("Enter");
  await expect(field(page, `managed policy 2 of ${ROLE}`)).toBeFocused();
  await page.keyboard.press("End");
  await page.keyboard.type("AmazonS3ReadOnlyAccess");
  await walkTo(page, page.getByRole("button", { name: `Remove managed policy 2 of ${ROLE}` }));
  await page.keyboard.press("Enter");
  await expect(add).toBeFocused();
});

test("undo inside a field is the browser's", async ({ page, site }) => {
  await site.open();
  const project = field(page, `project, scope 1 of ${ROLE}`);
  await project.focus();
  await page.keyboard.press("End");
  await page.keyboard.type("x");
  await expect(shownFile(page)).toContainText("mygroup/myrepox:");
  await page.keyboard.press("Control+Z");
  await expect(project).toHaveValue("mygroup/myrepo");
  await expect(shownFile(page)).toContainText("mygroup/myrepo:");
});

for (const viewport of [{ width: 1440, height: 960 }, { width: 1024, height: 700 }, { width: 390, height: 800 }]) {
  test.describe(`${viewport.width} px`, () => {
    test.use({ viewport });

    test("Tab visits everything once, in reading order, and nothing holds it", async ({ page, site }) => {
      await site.open(linkOf(setupFile("several-roles")));
      /** Everything that can have the focus, in the document's order; of radio buttons the chosen one. */
      const all = await page.evaluate(() => {
        const every = [...document.querySelectorAll("*")];
        return every.flatMap((it, at) => {
          const can = it.matches("a[href], button, input, select, textarea, summary, [tabindex]") && it.tabIndex >= 0;
          const left = it.disabled || (it.type === "radio" && !it.checked) || !it.checkVisibility();
          return can && !left ? [at] : [];
        });
      });
      expect(all.length).toBeGreaterThan(20);
      for (const [key, wanted] of [["Tab", all], ["Shift+Tab", [...all].reverse()]]) {
        const seen = [];
        for (let presses = 0; presses < all.length + 5; presses += 1) {
          await page.keyboard.press(key);
          const now = await focused(page);
          if (now === null || seen.includes(now.at)) break;
          expect(now.shows, `"${now.label}" shows that it has the focus`).toBe(true);
          expect(now.inWindow, `"${now.label}" is on the screen`).toBe(true);
          seen.push(now.at);
        }
        expect(seen).toEqual(wanted);
        await page.evaluate(() => document.activeElement?.blur());
      }
    });
  });
}
