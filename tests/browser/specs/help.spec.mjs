//! The help: four drawings made of the setup at hand, a view of its own with a way back.

import { expect, test } from "../fixtures/test.mjs";
import { field, linkOf, setupFile, settled, tooWide } from "../fixtures/person.mjs";

const NINE = [
  "namespace_id", "pipeline_source", "project_id", "ref_protected", "runner_environment", "user_access_level", "user_email", "user_id", "user_login",
];

function parts(page) {
  const help = page.getByRole("main", { name: "How it works" });
  return {
    help,
    open: page.getByRole("button", { name: "Help: how it works" }),
    back: help.getByRole("button", { name: "Back to the workbench" }),
    lists: help.locator("ol"),
    row: (name) => help.getByRole("table", { name: "The claims of a token, and what AWS makes of them" }).getByRole("row", { name }).getByRole("listitem"),
  };
}

test("it takes the columns' place, and every way out gives the focus back", async ({ page, site }) => {
  await site.open();
  const { help, open, back } = parts(page);
  const column = page.getByRole("region", { name: "Who may get in" });
  const account = field(page, "Account");
  await account.fill("2109");
  await settled(page);
  const before = page.url();
  for (const leave of [() => back.click(), () => page.keyboard.press("Escape"), () => open.click(), () => page.locator("body").click({ position: { x: 2, y: 400 } }).then(() => page.keyboard.press("Escape"))]) {
    await open.focus();
    await page.keyboard.press("Enter");
    await expect(help).toBeFocused();
    await expect(open).toHaveAttribute("aria-expanded", "true");
    await expect(column).toBeHidden();
    await expect(page.getByRole("main")).toHaveCount(1);
    await leave();
    await expect(help).toHaveCount(0);
    await expect(open).toBeFocused();
    await expect(open).toHaveAttribute("aria-expanded", "false");
    await expect(column).toBeVisible();
  }
  // What was typed is where it was, right or wrong; Escape is the help's only while it is shown; no link has it.
  await expect(account).toHaveValue("2109");
  await account.press("Escape");
  await expect(account).toBeFocused();
  expect(page.url()).toBe(before);
});

test("it speaks of the setup at hand", async ({ page, site }) => {
  await site.open();
  const { help, open, lists, row } = parts(page);
  await open.click();

  await test.step("the way of a token", async () => {
    const stations = lists.nth(0).getByRole("listitem");
    await expect(stations).toHaveCount(7);
    await expect(stations.nth(1)).toContainText("gitlab-prod-deploy");
    await expect(stations.nth(4)).toContainText("Here: https://gitlab.com");
  });

  await test.step("the anatomy of sub", async () => {
    await expect(help).toContainText("project_path:mygroup/myrepo:ref_type:branch:ref:main");
    const segments = lists.nth(1).getByRole("listitem");
    await expect(segments).toHaveText([/^project_path ?mygroup\/myrepo/, /^ref_type ?branch/, /^ref ?main/]);
    await expect(help).not.toContainText("stands for any text");
  });

  await test.step("what AWS sees, on gitlab.com", async () => {
    await expect(row(/for every issuer/)).toHaveText(["gitlab.com:sub", "gitlab.com:aud"]);
    expect((await row(/alone/).allTextContents()).sort()).toEqual(NINE.map((it) => `gitlab.com:${it}`));
    await expect(row(/^Checked by STS/)).toHaveText(["iss", "exp", "nbf", "iat"]);
    const never = await row(/^Not seen/).allTextContents();
    for (const claim of ["environment", "ref", "ref_type", "project_path", "namespace_path", "deployment_tier"]) expect(never).toContain(claim);
    for (const claim of [...NINE, "sub", "aud", "iss"]) expect(never).not.toContain(claim);
    await expect(help).toContainText("can ask for 11 of them");
  });

  await test.step("why one role each", async () => {
    await expect(help.getByRole("listitem").filter({ hasText: "script changed" })).toContainText("denied");
  });

  await test.step("a private instance has two keys, a pattern is explained", async () => {
    await site.open(linkOf(setupFile("self-managed-path")));
    await open.click();
    const { issuer, url } = JSON.parse(setupFile("self-managed-path")).gitlab;
    const prefix = (issuer ?? url).replace("https://", "");
    await expect(row(/for every issuer/)).toHaveText([`${prefix}:sub`, `${prefix}:aud`]);
    await expect(row(/alone/)).toHaveCount(0);
    const never = await row(/^Not seen/).allTextContents();
    for (const claim of NINE) expect(never).toContain(claim);
    await site.open(linkOf(setupFile("group-wildcard")));
    await open.click();
    await expect(lists.nth(1)).toContainText("stands for any text");
  });

  await test.step("a custom subject is taken apart as it is", async () => {
    const setup = JSON.parse(setupFile("custom-subject"));
    await site.open(linkOf(JSON.stringify(setup)));
    await open.click();
    const components = setup.roles[0].scopes[0].sub_claim_components ?? ["project_path", "ref_type", "ref"];
    await expect(lists.nth(1).getByRole("listitem")).toHaveCount(components.length);
    for (const it of components) await expect(lists.nth(1)).toContainText(it);
    expect(await tooWide(page)).toBe(0);
  });
});
