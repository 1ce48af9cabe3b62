//! Remedies: what would let a denied token in, put into the setup by one press and taken out by one.
//!
//! The page offers what the command offers for the same setup and the same token; the same token is then looked at and gets in; who
//! was meant still does. What is for care does not stand out, and what is better done elsewhere is no button.

import { join, resolve } from "node:path";

import AxeBuilder from "@axe-core/playwright";

import { claimcheck, expect, test } from "../fixtures/test.mjs";
import {
  allowClipboard, claimsOfJob, field, jwt, linkOf, notice, paste, setupFile, setupInAddress, shownFile, tooWide, verdict,
} from "../fixtures/person.mjs";

const SETUPS = resolve(import.meta.dirname, "../../setups");

/** Chooses a sample by its words. */
const choose = (page, label) => page.getByRole("combobox", { name: "Token" }).selectOption({ label });
const heading = (page) => page.getByRole("heading", { name: "What would let it in" });
/** The remedies on the page, in order: title, text, and whether each is a button. */
const offered = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll(".remedy")].map((it) => ({
      title: it.firstElementChild.textContent,
      text: it.querySelector("p").textContent.replace(/^Caution: /, ""),
      isEdit: it.firstElementChild.tagName === "BUTTON",
      isCaution: it.querySelector("p").textContent.startsWith("Caution: "),
    })),
  );
const edit = (page, name) => page.getByRole("button", { name, exact: true });

test("one press lets the token in, and one press takes that back", async ({ page, site }) => {
  await site.open();
  const before = await shownFile(page).textContent();
  await choose(page, "A job on another branch");
  await expect(verdict(page).stamp).toHaveText("Verdict: Denied");
  const first = edit(page, "Add a scope for branch dev");
  await expect(first).toHaveAccessibleDescription(/^Lets in whoever can run a pipeline on the branch dev of mygroup\/myrepo/);
  expect((await offered(page)).map(({ title, isCaution }) => [title, isCaution])).toEqual([
    ["Add a scope for branch dev", false],
    ["Let any branch in", true],
  ]);

  await first.click();
  await expect(verdict(page).stamp).toHaveText("Verdict: Allowed");
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await expect(field(page, "ref, scope 2 of gitlab-prod-deploy")).toHaveValue("dev");
  await expect(shownFile(page)).toContainText("ref:dev");
  await expect(heading(page)).toHaveCount(0);
  await expect(page.getByRole("combobox", { name: "Token" }).locator("option:checked")).toHaveText("A job on another branch, as it was");
  await expect(notice(page, "Done: Add a scope for branch dev")).toBeVisible();
  const undo = page.getByRole("region", { name: "Message" }).getByRole("button", { name: "Undo" });
  await expect(undo).toBeFocused();
  expect(JSON.parse(await setupInAddress(page)).roles[0].scopes.map((it) => it.ref)).toEqual(["main", "dev"]);

  await page.keyboard.press("Enter");
  await expect(verdict(page).stamp).toHaveText("Verdict: Denied");
  await expect(undo).toHaveCount(0);
  await expect(edit(page, "Add a scope for branch dev")).toBeFocused();
  expect(await shownFile(page).textContent()).toBe(before);
  await expect(field(page, "ref, scope 2 of gitlab-prod-deploy")).toHaveCount(0);

  // By keyboard alone, the wide one; what is done next takes the way back from the message.
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(field(page, "ref, scope 1 of gitlab-prod-deploy")).toHaveValue("*");
  await expect(undo).toBeFocused();
  await field(page, "Account").fill("210987654321");
  await expect(undo).toHaveCount(0);
});

test("a pasted token is let in, and stays the one that was pasted", async ({ page, site, context }) => {
  await allowClipboard(context);
  await site.open();
  const job = claimsOfJob({ ref: "feature/login" });
  await paste(page, jwt(job));
  await expect(verdict(page).stamp).toHaveText("Verdict: Denied");
  const titles = (await offered(page)).map((it) => it.title);
  expect(titles).toEqual(["Add a scope for branch feature/login", "Let branches feature/* in", "Let any branch in"]);
  await edit(page, "Let branches feature/* in").click();
  await expect(verdict(page).stamp).toHaveText("Verdict: Allowed");
  await expect(page.getByText("The signature was dropped")).toBeVisible();
  await expect(shownFile(page)).toContainText("ref:feature/*");
});

test("page and command offer the same", async ({ page, site, context }) => {
  await allowClipboard(context);
  const cases = [
    ["contract-example", { ref_protected: "false" }],
    ["contract-example", { project_path: "mygroup/renamed", project_id: "4711" }],
    ["contract-example", { aud: "sts.amazonaws.com" }],
    ["contract-example", { iss: "https://git.example.com" }],
    ["one-scope", { ref: "v1.2", ref_type: "tag" }],
    ["one-scope", { project_path: "stranger/myrepo", pipeline_source: "merge_request_event" }],
    ["one-scope", { sub: "project_path:mygroup/myrepo:ref:main" }],
  ];
  for (const [name, change] of cases) {
    const job = claimsOfJob({ project_id: "4711", ...change });
    await site.open(linkOf(setupFile(name)));
    await paste(page, jwt(job));
    await expect(heading(page)).toBeVisible();
    const file = join(SETUPS, `${name}.json`);
    const words = ["check", "--setup", file, "--token", "-", "--now", "issued", "--format", "json"];
    const { status, stdout, stderr } = claimcheck(words, JSON.stringify(job));
    expect(status, stderr).toBe(1);
    const plain = (it) => it.replaceAll("`", "");
    const right = JSON.parse(stdout).remedies.map((it) => ({
      title: plain(it.title), text: plain(it.text), isEdit: it.setup !== null, isCaution: it.caution,
    }));
    expect(right.length, JSON.stringify(change)).toBeGreaterThan(0);
    expect(await offered(page), JSON.stringify(change)).toEqual(right);
  }
});

test("what needs care does not stand out, and what is better done elsewhere is no button", async ({ page, site }) => {
  const ground = (name) => edit(page, name).evaluate((it) => getComputedStyle(it).backgroundColor);
  await site.open();
  await choose(page, "A job on another branch");
  const [standsOut, plain] = [await ground("Add a scope for branch dev"), await ground("Let any branch in")];
  expect(standsOut).not.toBe(plain);
  await choose(page, "A merge request from a fork");
  expect(await ground("Add a scope for stranger/myrepo, branch main")).toBe(plain);
  await expect(page.getByText("this may be a merge request from a fork, and its owner decides what runs")).toBeVisible();
  await choose(page, "The wrong audience");
  expect((await offered(page)).map((it) => it.isEdit)).toEqual([false, true]);
  await choose(page, "An expired token");
  expect((await offered(page)).map(({ title, isEdit }) => [title, isEdit])).toEqual([["Run the job again", false]]);
  await choose(page, "The job that is meant");
  await expect(heading(page)).toHaveCount(0);
});

test("a setup that is not right has no remedies until it is", async ({ page, site }) => {
  await site.open();
  await choose(page, "A job on another branch");
  await field(page, "Account").fill("12");
  await expect(heading(page)).toHaveCount(0);
  await field(page, "Account").fill("210987654321");
  await expect(edit(page, "Add a scope for branch dev")).toBeVisible();
});

for (const width of [320, 1440]) {
  test(`remedies have room and names at ${width} px`, async ({ page, site }) => {
    await page.setViewportSize({ width, height: 900 });
    const long = `${"long-group-name/".repeat(6)}a-project-with-a-long-name`;
    const setup = { version: 1, aws: { account_id: "123456789012" }, roles: [{ name: "r", scopes: [{ project: long }] }] };
    await site.open(linkOf(JSON.stringify(setup)));
    const part = page.getByRole("navigation", { name: "Parts of the page" }).getByRole("button", { name: /^Check/ });
    if (await part.isVisible()) await part.click();
    for (const label of ["A project with the same beginning", "Another GitLab"]) {
      await choose(page, label);
      await expect(heading(page)).toBeVisible();
      expect(await tooWide(page)).toBeLessThanOrEqual(0);
      const { violations } = await new AxeBuilder({ page }).include(".remedies").analyze();
      expect(violations.map((it) => `${it.id}: ${it.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    }
  });
}
