//! The main job, by mouse: from nothing to files that work, and from a failed job to the reason.
//!
//! A person puts their own GitLab, project and account over the example, takes three files away, pastes the token of a job that
//! failed, reads why, mends the scope and reads that the same job would now get in. What is copied and what is downloaded is what
//! the native command prints for the setup in the address.

import { expect, test } from "../fixtures/test.mjs";
import {
  SIGNATURE, allClaims, allowClipboard, chooseFile, claimsOfJob, copied, downloaded, field, jwt, paste, printed, setupInAddress, shownFile,
  verdict, notice
} from "../fixtures/person.mjs";

const FILES = [
  ["Trust policy", "trust-policy", "trust-policy-gitlab-prod-deploy.json"],
  ["Terraform", "terraform", "main.tf"],
  [".gitlab-ci.yml", "gitlab-ci", ".gitlab-ci.yml"],
];

test.beforeEach(({ context }) => allowClipboard(context));

test("a person composes, takes the files, and reads why a job failed", async ({ page, site }) => {
  await site.open();
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await expect(page.getByText("This is an example.")).toBeVisible();
  const example = await shownFile(page).textContent();

  await test.step("compose", async () => {
    await field(page, "GitLab").fill("https://gitlab.example.org/git");
    await expect(shownFile(page)).toContainText("oidc-provider/gitlab.example.org/git");
    await field(page, "Audience").fill("sts.amazonaws.com");
    await expect(shownFile(page)).toContainText('"gitlab.example.org/git:aud": "sts.amazonaws.com"');
    await field(page, "Account").fill("210987654321");
    await expect(shownFile(page)).toContainText("arn:aws:iam::210987654321:oidc-provider");
    await field(page, "project, scope 1 of gitlab-prod-deploy").fill("acme/tools/shop");
    await expect(shownFile(page)).toContainText("project_path:acme/tools/shop:ref_type:branch:ref:main");
    await expect(page.getByText("This is an example.")).toHaveCount(0);
    expect(await shownFile(page).textContent()).not.toBe(example);
    await expect(page, "the right job of the new setup gets in").toHaveTitle("Allowed · Claimcheck");
  });

  await test.step("take the files away", async () => {
    const setup = await setupInAddress(page);
    expect(JSON.parse(setup).roles[0].scopes[0].project).toBe("acme/tools/shop");
    for (const [title, kind, name] of FILES) {
      await chooseFile(page, title);
      const right = printed(["generate", "-", "--only", kind], setup);
      expect(await shownFile(page).textContent(), `${name} on the screen`).toBe(right);
      expect(await copied(page), `${name} on the clipboard`).toBe(right);
      await expect(notice(page, `Copied ${name}`)).toBeVisible();
      const file = await downloaded(page);
      // Chromium drops a dot at the beginning of a name.
      expect(file.name).toBe(name.replace(/^\./, ""));
      expect(file.bytes.equals(Buffer.from(right)), `${name} as downloaded`).toBe(true);
    }
  });

  const job = claimsOfJob({
    iss: "https://gitlab.example.org/git", aud: "sts.amazonaws.com", project_path: "acme/tools/shop", ref: "release/1.2",
  });

  await test.step("read why a job failed", async () => {
    await chooseFile(page, "Trust policy");
    await paste(page, jwt(job));
    const { stamp, ended, comparison } = verdict(page);
    await expect(stamp).toHaveText("Verdict: Denied");
    await expect(page).toHaveTitle("Denied · Claimcheck");
    await expect(ended).toHaveCount(1);
    await expect(ended).toContainText("Trust policy");
    await expect(page.getByText("AccessDenied", { exact: true })).toBeVisible();
    await expect(page.getByText("Not authorized to perform sts:AssumeRoleWithWebIdentity")).toBeVisible();
    await expect(comparison.getByRole("columnheader").first()).toHaveText("gitlab.example.org/git:sub");
    const row = (name) => comparison.getByRole("row", { name: new RegExp(`^${name} `) });
    await expect(row("project_path")).toContainText("agrees");
    await expect(row("ref_type")).toContainText("agrees");
    await expect(row("ref")).toContainText("differs");
    await expect(row("ref").getByRole("cell").nth(0)).toHaveText("main");
    await expect(row("ref").getByRole("cell").nth(1)).toHaveText("release/1.2");
    await expect(page.getByText("The signature was dropped")).toBeVisible();
  });

  await test.step("the signature is nowhere", async () => {
    await allClaims(page);
    expect(await page.content()).not.toContain(SIGNATURE);
    const typed = await page.evaluate(() => [...document.querySelectorAll("input, textarea")].map((it) => it.value).join("\n"));
    expect(typed).not.toContain(SIGNATURE);
    expect(page.url()).not.toContain(SIGNATURE);
    // The watch itself: a part of the payload is on the page, so a signature would be seen.
    expect(await page.content()).toContain(job.jti);
  });

  await test.step("as of when the job ran, and as of now", async () => {
    const asOf = page.getByRole("group", { name: "Judged as of" });
    const [ran, now] = [asOf.getByRole("radio", { name: /when the job ran$/ }), asOf.getByRole("radio", { name: "now" })];
    await expect(ran).toBeChecked();
    await expect(asOf.getByText("It has expired since; that is not why the job failed.")).toBeVisible();
    await now.check();
    await expect(page).toHaveTitle("Refused · Claimcheck");
    await expect(verdict(page).ended).toContainText("Time");
    await expect(page.getByText("ExpiredTokenException", { exact: true })).toBeVisible();
    await expect(asOf.getByText("It has expired since")).toHaveCount(0);
    await ran.check();
    await expect(page).toHaveTitle("Denied · Claimcheck");
  });

  await test.step("mend the scope", async () => {
    await field(page, "ref, scope 1 of gitlab-prod-deploy").fill("release/*");
    await expect(verdict(page).stamp).toHaveText("Verdict: Allowed");
    await expect(page).toHaveTitle("Allowed · Claimcheck");
    await expect(verdict(page).ended).toHaveCount(0);
    await expect(page.getByText("STS hands out credentials for the role gitlab-prod-deploy")).toBeVisible();
    await expect(shownFile(page)).toContainText("ref:release/*");
  });

  await test.step("the command says the same of the same token", async () => {
    const policy = printed(["generate", "-", "--only", "trust-policy"], await setupInAddress(page));
    const line = JSON.stringify({ id: "job", policy: JSON.parse(policy), token: job, now: job.iat + 60 });
    expect(JSON.parse(printed(["check", "--cases", "-", "--format", "json"], line)).allowed).toBe(true);
  });

  await test.step("the token is forgotten when it is told to be", async () => {
    await page.getByRole("button", { name: "Forget it" }).click();
    expect(await page.content()).not.toContain(job.jti);
    await expect(page.getByRole("combobox", { name: "Token" })).toBeFocused();
  });
});

test("an address of GitLab, pasted as the project, fills instance, project and ref", async ({ page, site }) => {
  await site.open();
  await page.evaluate((it) => navigator.clipboard.writeText(it), "https://gitlab.example.org/acme/shop/-/tags/v1.2");
  const project = field(page, "project, scope 1 of gitlab-prod-deploy");
  await project.press("Control+A");
  await project.press("Control+V");
  await expect(project).toHaveValue("acme/shop");
  await expect(field(page, "GitLab")).toHaveValue("https://gitlab.example.org");
  await expect(field(page, "Audience"), "it was the instance's address, and stays it").toHaveValue("https://gitlab.example.org");
  await expect(shownFile(page)).toContainText("project_path:acme/shop:ref_type:tag:ref:v1.2");
  // What is no address is pasted as it is.
  await page.evaluate(() => navigator.clipboard.writeText("acme/web"));
  await project.press("Control+A");
  await project.press("Control+V");
  await expect(shownFile(page)).toContainText("project_path:acme/web:ref_type:tag:ref:v1.2");
});

test("the verdict is spoken once, after the last change", async ({ page, site }) => {
  await site.open();
  const voice = page.getByRole("status");
  await expect(voice).toBeEmpty();
  await paste(page, jwt(claimsOfJob({ ref: "dev" })));
  await expect(page.locator(".ticket__stamp")).toContainText(/denied/i);
  await expect(voice, "not at once").toBeEmpty();
  await expect(voice).toContainText(/^Denied\. at the trust policy: /);
  await expect(page).toHaveTitle("Denied · Claimcheck");
});

test("copying says so where it is not allowed, and lays the text out", async ({ page, site, context }) => {
  await context.clearPermissions();
  await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
  await site.open();
  await page.getByRole("button", { name: "Copy trust-policy-gitlab-prod-deploy.json" }).click();
  const box = page.getByRole("textbox", { name: /press Ctrl\+C/ });
  await expect(box).toBeFocused();
  await expect(box).toHaveValue(await shownFile(page).textContent());
  expect(await box.evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd) === it.value)).toBe(true);
});
