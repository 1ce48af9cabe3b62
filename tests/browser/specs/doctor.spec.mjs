//! The doctor: the error of a job's log, pasted, is told with its causes; beside a token, which of them it is.

import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "../fixtures/test.mjs";
import { allowClipboard, claimsOfJob, jwt, paste, tooWide } from "../fixtures/person.mjs";

const LOG =
  "\u001b[0Ksection_start:1795168800:step_script\r\u001b[0K$ aws sts get-caller-identity\n" +
  "An error occurred (AccessDenied) when calling the AssumeRoleWithWebIdentity operation: Not authorized to perform sts:AssumeRoleWithWebIdentity\n";

const doctor = (page) => page.getByRole("region", { name: "What the job's log says" });

test("a pasted log is told, and beside the job's token the cause that it is stands first", async ({ page, context, site }) => {
  await allowClipboard(context);
  await site.open();
  await paste(page, LOG);
  await expect(doctor(page)).toContainText("Not authorized to perform sts:AssumeRoleWithWebIdentity");
  await expect(doctor(page)).toContainText("It arises at: Trust policy.");
  await expect(doctor(page)).toContainText("Paste the job's token too");
  const first = doctor(page).getByRole("listitem").first();
  await expect(first).toContainText("Perhaps this");

  await paste(page, jwt(claimsOfJob({ ref: "dev" })));
  await expect(first).toContainText("This is the cause");
  await expect(first).toContainText("another ref");
  await paste(page, jwt(claimsOfJob({})));
  await expect(doctor(page)).toContainText("the policy in the account differs");
  await expect(doctor(page).getByRole("listitem").last()).toContainText("Not this");

  const { violations } = await new AxeBuilder({ page }).include(".doctor").analyze();
  expect(violations).toEqual([]);
  for (const width of [320, 700, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await tooWide(page)).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await doctor(page).getByRole("button", { name: "Forget it" }).click();
  await expect(doctor(page)).toHaveCount(0);
});
