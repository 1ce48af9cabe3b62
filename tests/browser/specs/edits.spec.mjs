// Edits of a person's own policy that let the token in: offered, made by a press, and taken back by the browser's undo.

import { typePolicy, ownPolicy } from "../fixtures/states.mjs";
import { expect, test } from "../fixtures/test.mjs";

/** A policy that asks of the subject what GitLab writes nowhere. */
const SLIP = ownPolicy({
  Condition: { StringEquals: { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": "project_path:mygroup/myrepo:ref_type:branch:ref:refs/heads/main" } },
});

test("what the slip meant is offered first, lets the token in by a press, and is taken back", async ({ page, site }) => {
  await site.open();
  await typePolicy(page, SLIP);
  await expect(page).toHaveTitle("Denied · Claimcheck");
  const first = page.locator(".remedy .button").first();
  await expect(first).toContainText("ref:main");
  await first.click();
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  const editor = page.locator("#policy");
  expect(await editor.inputValue()).toBe(SLIP.replace("refs/heads/main", "main"));
  await expect(page.locator(".remedy")).toHaveCount(0);
  await editor.press("ControlOrMeta+z");
  await expect(page).toHaveTitle("Denied · Claimcheck");
  expect(await editor.inputValue()).toBe(SLIP);
  await expect(first).toContainText("ref:main");
});

test("edits follow what is typed while the token stays denied", async ({ page, site }) => {
  await site.open();
  await typePolicy(page, SLIP);
  const first = page.locator(".remedy .button").first();
  await expect(first).toBeVisible();
  await page.locator("#policy").press("ControlOrMeta+End");
  await page.keyboard.type("\n\n");
  await first.click();
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  expect(await page.locator("#policy").inputValue()).toBe(`${SLIP.replace("refs/heads/main", "main")}\n\n`);
});
