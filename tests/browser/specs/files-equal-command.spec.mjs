//! Every file on the screen is the one that the native command prints, byte for byte.
//!
//! For each setup file of the repository, opened through the link that the command makes: every file of every role, as it is
//! shown and as it is downloaded; the archive of all of them; the setup itself, as it is saved.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test } from "../fixtures/test.mjs";
import { chooseFile, downloaded, linkOf, printed, role, setupFile, setupNames, fileArea, shownFile, notice, tooWide } from "../fixtures/person.mjs";

/** The title of each tab, and what the command calls it; whether it is one a role. */
const TABS = {
  "Trust policy": ["trust-policy", true],
  Permissions: ["permissions", true],
  Terraform: ["terraform", false],
  ".gitlab-ci.yml": ["gitlab-ci", false],
  CloudFormation: ["cloudformation", false],
  "AWS CLI": ["aws-cli", false],
  Audit: ["audit", false],
  "Read me": ["readme", false],
};

/** The archive that the command makes of a setup. */
function archiveOf(setup) {
  const folder = mkdtempSync(join(tmpdir(), "claimcheck-"));
  try {
    printed(["generate", "-", "--out", join(folder, "all.zip")], setup);
    return readFileSync(join(folder, "all.zip"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const name of setupNames()) {
  test(`every file of ${name} is the command's`, async ({ page, site }) => {
    const setup = setupFile(name);
    await site.open(linkOf(setup));
    await expect(page.getByText("This is an example.")).toHaveCount(0);
    const { roles } = JSON.parse(setup);
    for (const { name: roleName, permissions_document: document } of roles) {
      // The radio itself is drawn over by its label, which is what a person presses.
      await role(page, roleName).locator("xpath=..").click();
      await expect(role(page, roleName)).toBeChecked();
      const titles = await page.getByRole("tab").allTextContents();
      expect(titles).toEqual(Object.keys(TABS).filter((it) => it !== "Permissions" || document !== undefined));
      for (const title of titles) {
        const [kind, isPerRole] = TABS[title];
        const right = printed(["generate", "-", "--only", kind, ...(isPerRole ? ["--role", roleName] : [])], setup);
        await chooseFile(page, title);
        await expect(page.getByRole("tab", { name: title, exact: true })).toHaveAttribute("aria-selected", "true");
        expect(await shownFile(page).textContent(), `${title} of ${roleName} on the screen`).toBe(right);
        const file = await downloaded(page);
        expect(file.bytes.equals(Buffer.from(right)), `${file.name} as downloaded`).toBe(true);
        await expect(fileArea(page)).toHaveAccessibleName(new RegExp(`^\\.?${file.name.replace(/[.+]/g, "\\$&")}$`));
      }
    }
    const archive = await downloaded(page, page.getByRole("button", { name: "All files .zip" }));
    expect(archive.name).toBe(`claimcheck-${JSON.parse(setup).aws.account_id}.zip`);
    expect(archive.bytes.equals(archiveOf(setup)), "the archive").toBe(true);
    const saved = await downloaded(page, page.getByRole("button", { name: "Save" }));
    expect(saved.name).toBe("claimcheck.json");
    expect(saved.bytes.toString()).toBe(printed(["open", linkOf(setup)]));
  });
}

test("the page's own link opens in the command what the page shows", async ({ page, site, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const setup = setupFile("several-roles");
  await site.open(`${linkOf(setup)}&role=gitlab-review`);
  await expect(role(page, "gitlab-review")).toBeChecked();
  await page.getByRole("button", { name: "Share" }).click();
  await expect(notice(page, "Copied the link to this setup")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link.startsWith(`${site.address}#1.`)).toBe(true);
  expect(JSON.parse(printed(["open", link]))).toEqual(JSON.parse(printed(["open", linkOf(setup)])));
});

test("the tabs of files are walked by keyboard and scroll into sight on the narrowest screen", async ({ page, site }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await site.open();
  await page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name: "Files" }).click();
  const titles = Object.keys(TABS).filter((it) => it !== "Permissions");
  await page.getByRole("tab", { name: titles[0], exact: true }).focus();
  for (const title of [...titles.slice(1), titles[0]]) {
    await page.keyboard.press("ArrowRight");
    const tab = page.getByRole("tab", { name: title, exact: true });
    await expect(tab).toBeFocused();
    await expect(tab).toHaveAttribute("aria-selected", "true");
    await expect(tab).toBeInViewport({ ratio: 0.99 });
    await expect(shownFile(page)).toBeVisible();
    expect(await tooWide(page), `${title} fits`).toBe(0);
  }
  await page.keyboard.press("End");
  await expect(page.getByRole("tab", { name: "Read me" })).toBeInViewport({ ratio: 0.99 });
});
