//! Nothing leaves, and nothing stays.
//!
//! The network, the storage and the policy are watched in every test of every spec. Here is what goes beyond: what browsers do
//! with fields on their own, what the address, the history, a saved file and a reload keep of a token, which is nothing.

import { expect, test } from "../fixtures/test.mjs";
import {
  SIGNATURE, allClaims, allowClipboard, chooseFile, claimsOfJob, downloaded, field, jwt, linkOf, paste, printed, setupFile, setupInAddress,
  settled, shownFile, notice
} from "../fixtures/person.mjs";

const ROLE = "gitlab-prod-deploy";
/** A job all of whose claims can be told from everything else on the page. */
const JOB = claimsOfJob({
  project_path: "secret-group/secret-project", namespace_path: "secret-group", job_project_path: "secret-group/secret-project",
  ref: "secret-branch", ref_path: "refs/heads/secret-branch", user_login: "secret-login", user_email: "secret@acme.example",
  sha: "5ec2e7c0b401fdce83e847fc9589983fc6f46bc0", jti: "5ec2e700-b797-45c7-ae9a-f72d7bc6ef5b",
});
/** What of it may be nowhere but in the page's memory. */
const SECRETS = ["secret", JOB.sha, JOB.jti, SIGNATURE, String(JOB.iat), ...jwt(JOB).split(".")];

function expectNoSecret(text, where) {
  for (const secret of SECRETS) expect(text, `${where} holds nothing of the token`).not.toContain(secret);
}

test.beforeEach(({ context }) => allowClipboard(context));

test("no field lets the browser check, remember, change or translate what is typed", async ({ page, site }) => {
  await site.open();
  const seen = new Set();
  const look = async () => {
    const fields = await page.evaluate(() =>
      [...document.querySelectorAll("input:not([type=radio], [type=checkbox], [type=file]), textarea, [contenteditable]")].map((it) => ({
        name: it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.id,
        asks: ["spellcheck", "autocomplete", "autocapitalize", "translate"].map((name) => it.getAttribute(name)),
      })),
    );
    for (const { name, asks } of fields) {
      expect(asks, `spellcheck, autocomplete, autocapitalize, translate of "${name}"`).toEqual(["false", "off", "off", "no"]);
      seen.add(name);
    }
  };
  await look();
  for (const claim of ["project_id", "namespace_id", "pipeline_source", "runner_environment", "user_access_level", "user_id", "user_login", "user_email"]) {
    await page.getByRole("combobox", { name: `Add a pin, scope 1 of ${ROLE}` }).selectOption({ value: claim });
  }
  await page.getByRole("button", { name: "Add a managed policy" }).click();
  await page.getByRole("button", { name: "Paste a token" }).click();
  await chooseFile(page, ".gitlab-ci.yml");
  await field(page, "Credentials").selectOption("assume-role");
  await look();
  expect([...seen].length, "the number of fields that were looked at").toBeGreaterThanOrEqual(21);
  await expect(page.locator("form"), "nothing that could be sent, or remembered as sent").toHaveCount(0);
});

test("address, history, saved file and shared link hold nothing of a token", async ({ page, site }) => {
  await site.open();
  const steps = await page.evaluate(() => history.length);
  await field(page, `project, scope 1 of ${ROLE}`).fill("acme/shop");
  const before = await setupInAddress(page);
  await paste(page, jwt(JOB));
  await expect(page).toHaveTitle("Denied · Claimcheck");
  // The watch itself: what is looked for below is on the page.
  await allClaims(page);
  expect(await page.content()).toContain(JOB.jti);
  await field(page, `ref, scope 1 of ${ROLE}`).fill("release/*");
  await expect(shownFile(page)).toContainText("release/*");
  await page.getByRole("radio", { name: "now" }).check();
  await settled(page);

  expectNoSecret(page.url(), "the address");
  const after = printed(["open", page.url()]);
  expectNoSecret(after, "the setup in the address");
  expect(after).toBe(before.replace('"ref": "main"', '"ref": "release/*"'));
  expectNoSecret(await page.title(), "the title");
  expect(await page.evaluate(() => [history.length, history.state])).toEqual([steps, null]);

  await page.getByRole("button", { name: "Share" }).click();
  await expect(notice(page, "Copied the link to this setup")).toBeVisible();
  expect(printed(["open", await page.evaluate(() => navigator.clipboard.readText())])).toBe(after);
  const saved = await downloaded(page, page.getByRole("button", { name: "Save" }));
  expect(saved.bytes.toString()).toBe(after);
});

test("the address opens the same setup anew, without the token", async ({ page, site }) => {
  await site.open();
  await field(page, "Account").fill("210987654321");
  await field(page, `project, scope 1 of ${ROLE}`).fill("acme/shop");
  await page.getByRole("button", { name: "+ add a scope" }).click();
  await field(page, `ref, scope 2 of ${ROLE}`).fill("v*");
  await page.getByRole("combobox", { name: `kind of ref, scope 2 of ${ROLE}` }).selectOption("tag");
  await paste(page, jwt(JOB));
  await expect(page).toHaveTitle("Denied · Claimcheck");
  const file = await shownFile(page).textContent();
  await setupInAddress(page);
  await site.open(new URL(page.url()).hash);
  expect(await shownFile(page).textContent()).toBe(file);
  await expect(field(page, `ref, scope 2 of ${ROLE}`)).toHaveValue("v*");
  expectNoSecret(await page.content(), "the page that was opened anew");
  await expect(page).toHaveTitle("Allowed · Claimcheck");
});

for (const [what, how] of [
  ["a reload", (page) => page.reload()],
  ["going away and back", async (page) => {
    await page.goto("about:blank");
    await page.goBack();
  }],
]) {
  test(`${what} keeps the setup and forgets the token, and what was typed for one`, async ({ page, site }) => {
    await site.open(linkOf(setupFile("one-scope")));
    await paste(page, jwt(JOB));
    await expect(page).toHaveTitle(/^(Denied|Refused) · Claimcheck$/);
    await page.getByRole("button", { name: "Paste a token" }).click();
    await page.getByRole("textbox", { name: /^A JWT/ }).pressSequentially("secret text, not checked yet", { delay: 0 });
    const file = await shownFile(page).textContent();
    await site.again(() => how(page));
    expect(await shownFile(page).textContent()).toBe(file);
    expectNoSecret(await page.content(), "the page");
    await page.getByRole("button", { name: "Paste a token" }).click();
    await expect(page.getByRole("textbox", { name: /^A JWT/ })).toHaveValue("");
    await expect(page).toHaveTitle("Allowed · Claimcheck");
  });
}

test("a pasted text never stands in its box", async ({ page, site }) => {
  await site.open();
  await page.getByRole("button", { name: "Paste a token" }).click();
  const box = page.getByRole("textbox", { name: /^A JWT/ });
  // Every value that the box has, at the moment in which it gets it.
  await box.evaluate((it) => {
    globalThis.__values = [];
    it.addEventListener("input", () => globalThis.__values.push(it.value));
  });
  await page.evaluate((it) => navigator.clipboard.writeText(it), jwt(JOB));
  await box.press("Control+V");
  await expect(page).toHaveTitle("Denied · Claimcheck");
  expect(await page.evaluate(() => globalThis.__values)).toEqual([]);
  await expect(box, "the box is closed").toHaveCount(0);
});
