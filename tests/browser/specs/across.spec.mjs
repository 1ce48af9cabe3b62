//! Files that belong together, pasted one after the other: what they do not agree on is said with the places of both.

import { expect, test } from "../fixtures/test.mjs";
import { allowClipboard, paste, tooWide } from "../fixtures/person.mjs";

const POLICY = `{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {
      "gitlab.com:aud": "https://gitlab.com",
      "gitlab.com:sub": "project_path:mygroup/myrepo:ref_type:branch:ref:main"
    }}
  }]
}
`;
const CI = `variables:
  ROLE_ARN: arn:aws:iam::210987654321:role/deploy

deploy:
  id_tokens:
    AWS_TOKEN:
      aud: https://gitlab.example.com
  script:
    - aws sts assume-role-with-web-identity --role-arn "$ROLE_ARN" --role-session-name x --web-identity-token "$AWS_TOKEN"
`;
const PROVIDER = `{
  "Url": "gitlab.com",
  "ClientIDList": ["sts.amazonaws.com"],
  "ThumbprintList": [],
  "CreateDate": "2026-01-01T00:00:00+00:00"
}
`;

test("what a CI file, a provider and a policy do not agree on is said with both places", async ({ page, context, site }) => {
  await allowClipboard(context);
  await site.open();
  await page.locator("#policy").fill(POLICY);
  await paste(page, CI);
  await paste(page, PROVIDER);
  const card = (rule) => page.locator(".finding").filter({ hasText: rule });
  const role = card("ci-role-differs");
  await expect(role).toContainText(".gitlab-ci.yml, line 2");
  await expect(role).toContainText("the provider that the policy trusts line 5");
  const audience = card("ci-audience-not-registered");
  await expect(audience).toContainText(".gitlab-ci.yml, line 7");
  await expect(audience).toContainText("the provider's client IDs provider.json, line 3");
  await expect(card("token-audience-not-registered")).toContainText("the token");

  // The place in the person's own text leads there.
  await role.getByRole("button", { name: "line 5" }).click();
  const selected = () => page.locator("#policy").evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd));
  expect(await selected()).toContain("arn:aws:iam::123456789012:oidc-provider/gitlab.com");

  for (const width of [320, 700, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await tooWide(page)).toBeLessThanOrEqual(0);
  }

  // Where to read on stands below why, and opens beside the page.
  await role.getByRole("button", { name: "Why" }).click();
  const references = role.locator("a[href^='https://docs.']");
  expect(await references.count()).toBeGreaterThan(0);
  for (const it of await references.all()) {
    await expect(it).toHaveAttribute("target", "_blank");
    await expect(it).toHaveAttribute("rel", /noreferrer/);
  }
  await expect(role).not.toContainText("```");
});
