//! The editor: what is typed into the trust policy turns the page to it, and the letters of the field lie exactly over those that are seen.

import { expect, test } from "../fixtures/test.mjs";
import { allowClipboard, notice, paste, role } from "../fixtures/person.mjs";
import { ownPolicy, ROLE } from "../fixtures/states.mjs";

/** The editor, and the text that is seen under it. */
export function editor(page) {
  return page.getByRole("tabpanel").getByRole("textbox", { name: /trust-policy|role\.tf/ });
}
const seen = (page) => page.locator("#policy-lines").evaluate((it) => it.textContent);

/** Selects from one place of the editor's text to another, in characters. */
const select = (page, from, to = from) =>
  editor(page).evaluate((it, [from, to]) => { it.focus(); it.setSelectionRange(from, to); }, [from, to]);

/** Replaces the whole text as a paste would. */
async function put(page, text) {
  await select(page, 0, 1e9);
  await page.keyboard.insertText(text);
}

const policy = (sub, more = "") => `{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Effect": "Allow",
      "Principal": { "Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com" },
      "Action": "sts:AssumeRoleWithWebIdentity",
      "Condition": { "StringEquals": { "gitlab.com:aud": "https://gitlab.com", "gitlab.com:sub": "${sub}" }${more} }
    }
  ]
}
`;
const MAIN = "project_path:mygroup/myrepo:ref_type:branch:ref:main";

test.beforeEach(({ context }) => allowClipboard(context));

test("what is typed is judged, and there is a way back and a way to return", async ({ page, site }) => {
  await site.open();
  const composed = await editor(page).inputValue();
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await put(page, policy("project_path:mygroup/myrepo:ref_type:branch:ref:other"));
  await expect(page).toHaveTitle("Denied · Claimcheck");
  await expect(page.getByText("This is your own policy")).toBeVisible();
  await page.getByRole("button", { name: "Back to the composed one" }).click();
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  expect(await editor(page).inputValue()).toBe(composed);
  await page.getByRole("button", { name: "Return to your own" }).click();
  await expect(page).toHaveTitle("Denied · Claimcheck");
  expect(await editor(page).inputValue()).toContain("ref:other");
  await page.getByRole("button", { name: "Undo: switch of the policy" }).click();
  await expect(page).toHaveTitle("Allowed · Claimcheck");
});

test("each key press is followed, and typing back is as if nothing had been", async ({ page, site }) => {
  await site.open();
  const composed = await editor(page).inputValue();
  const at = composed.indexOf("ref:main") + "ref:main".length;
  await select(page, at);
  await page.keyboard.type("x");
  await expect(page).toHaveTitle("Denied · Claimcheck");
  await page.keyboard.press("Backspace");
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await expect(page.getByText("This is your own policy")).toBeHidden();
});

test("lines that come and go are drawn in blocks, and no line is lost, doubled or misplaced", async ({ page, site }) => {
  await site.open();
  await put(page, policy(MAIN));
  const blocks = () => page.locator(".code__block").evaluateAll((all) => all.map((it) => it.childElementCount));
  const insert = async (at, text) => {
    await select(page, at);
    await page.keyboard.insertText(text);
  };
  const many = (name, count) => Array.from({ length: count }, (_, at) => `"${name}${at}": ${at},\n`).join("");
  const check = async () => {
    const text = await editor(page).inputValue();
    expect(await seen(page)).toBe(text);
    expect(await page.locator(".code__line").count()).toBe(text.split("\n").length);
    const sizes = await blocks();
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32);
  };
  await check();
  await insert(2, many("a", 70));
  await check();
  await insert(0, many("b", 3));
  await check();
  const middle = (await editor(page).inputValue()).indexOf('"a35"');
  for (let line = 0; line < 40; line += 1) await insert(middle, `"c${line}": 0,\n`);
  await check();
  await select(page, 20, middle + 300);
  await page.keyboard.press("Delete");
  await check();
  for (let step = 0; step < 5; step += 1) await page.keyboard.press("Control+z");
  await check();
  await put(page, "{}");
  await check();
  expect(await blocks()).toEqual([1]);
});

test("a text that cannot be read leaves the answers, and says where", async ({ page, site }) => {
  await site.open();
  await put(page, policy("project_path:mygroup/myrepo:ref_type:branch:ref:other"));
  await expect(page).toHaveTitle("Denied · Claimcheck");
  const text = await editor(page).inputValue();
  await select(page, text.lastIndexOf("]"));
  await page.keyboard.press("Delete");
  await expect(page.getByText("The check is of the last policy that could be read")).toBeVisible();
  await expect(page).toHaveTitle("Denied · Claimcheck");
  await expect(editor(page)).toHaveAttribute("aria-invalid", "true");
  await expect(page.locator(".code__line > [data-kind=wrong]")).not.toHaveCount(0);
  await select(page, 0);
  await page.keyboard.press("F8");
  expect(await editor(page).evaluate((it) => it.selectionStart)).toBeGreaterThan(100);
  await page.locator(".stale").getByRole("button", { name: /^line / }).click();
  await expect(editor(page)).toBeFocused();
});

test("the browser's own undo takes back pairs, indents and formatting", async ({ page, site }) => {
  await site.open();
  await select(page, 0, 1e9);
  await page.keyboard.press("Delete");
  const typed = async (keys, expected) => {
    for (const key of keys) await page.keyboard.press(key);
    expect(await editor(page).inputValue(), keys.join(" ")).toBe(expected);
  };
  await typed(["{"], "{}");
  await typed(["Enter"], "{\n  \n}");
  await typed(['"', "a", '"', ":"], '{\n  "a":\n}');
  await typed(["Control+]"], '{\n    "a":\n}');
  await typed(["Control+z"], '{\n  "a":\n}');
  await typed(["End", "Space", "[", "1"], '{\n  "a": [1]\n}');
  await page.getByRole("button", { name: "Format", exact: true }).click();
  expect(await editor(page).inputValue()).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  await expect(editor(page)).toBeFocused();
  await typed(["Control+z"], '{\n  "a": [1]\n}');
  await typed(["Control+z", "Control+z", "Control+z", "Control+z", "Control+z", "Control+z", "Control+z", "Control+z"], "");
});

test("what is no JSON yet is not formatted, and why is said", async ({ page, site }) => {
  await site.open();
  const text = '{\n  "Version": "2012-10-17",\n  "Statement": [\n';
  await put(page, text);
  await page.getByRole("button", { name: "Format", exact: true }).click();
  await expect(page.getByRole("region", { name: "Message" })).toContainText("It cannot be formatted yet: line");
  expect(await editor(page).inputValue()).toBe(text);
});

test("Tab leads out of the editor", async ({ page, site }) => {
  await site.open();
  await select(page, 3);
  const text = await editor(page).inputValue();
  await page.keyboard.press("Tab");
  await expect(editor(page)).not.toBeFocused();
  expect(await editor(page).inputValue()).toBe(text);
});

for (const [width, height, zoom] of [[1440, 900, 1], [1024, 768, 1], [760, 900, 1.25], [390, 844, 1], [320, 640, 1], [1440, 900, 1.1]]) {
  test(`the letters lie over those that are seen, ${width}x${height} at ${zoom}`, async ({ page, site }) => {
    await page.setViewportSize({ width, height });
    await site.open();
    await page.evaluate((it) => (document.documentElement.style.fontSize = `${16 * it}px`), zoom);
    if (width < 760) await page.getByRole("button", { name: "Files" }).click();
    await put(page, policy(MAIN, `, "IpAddress": { "aws:SourceIp": ["10.0.0.0/8", "2001:db8::/32"] }, "StringLike": { "aws:x": "${"long value, with - and / in it ".repeat(9)}" }`) + "\n\t\ttabs\tand   spaces   \n\n");
    expect(await seen(page)).toBe(await editor(page).inputValue());
    // A twin of the field, with the first lines of its text alone, is as high as these lines are in the mirror.
    const off = await page.evaluate(() => {
      const area = document.getElementById("policy");
      const lines = document.getElementById("policy-lines");
      const twin = area.cloneNode();
      twin.removeAttribute("id");
      twin.style.cssText = "position: absolute; inset: 0 0 auto 0; height: 0; min-height: 0; padding-block: 0; border-block: 0";
      area.parentElement.style.position = "relative";
      area.parentElement.append(twin);
      const all = area.value.split("\n");
      const found = [];
      for (let count = 1; count <= all.length; count += 1) {
        twin.value = all.slice(0, count).join("\n");
        const seen = lines.querySelectorAll(".code__line")[count - 1].getBoundingClientRect().bottom - lines.getBoundingClientRect().top;
        if (Math.abs(twin.scrollHeight - seen) > 1.5) found.push(`line ${count}: ${twin.scrollHeight}, seen ${seen}`);
      }
      const scroll = area.scrollHeight - area.clientHeight;
      twin.remove();
      return { found, scroll };
    });
    expect(off).toEqual({ found: [], scroll: 0 });
  });
}

test("what is far too long is refused, and what is long is taken without colours", async ({ page, site }) => {
  await site.open();
  const before = await editor(page).inputValue();
  await page.evaluate(() => navigator.clipboard.writeText("x".repeat(10_000_000)));
  await select(page, 0);
  await page.keyboard.press("Control+v");
  await expect(notice(page, "larger than 1 MB")).toBeVisible();
  expect(await editor(page).inputValue()).toBe(before);
  for (const [long, length] of [[" ".repeat(200_000), 200_000], ["   {} \n".repeat(14_000), 98_000]]) {
    await page.evaluate((it) => navigator.clipboard.writeText(it), long);
    await select(page, 0, 1e9);
    const start = Date.now();
    await page.keyboard.press("Control+v");
    await expect(page.getByText("So long a text has no colours")).toBeVisible();
    expect(Date.now() - start).toBeLessThan(2000);
    expect((await editor(page).inputValue()).length).toBe(length);
    // The next is pasted into the field as it is when its text has colours.
    await put(page, "{}");
    await expect(page.getByText("So long a text has no colours")).toBeHidden();
  }
});

test("the other files say that they are of the composed setup, and another role too", async ({ page, site }) => {
  await site.open();
  await put(page, policy("project_path:mygroup/myrepo:ref_type:branch:ref:other"));
  await page.getByRole("tab", { name: "Terraform" }).click();
  await expect(page.getByText("not of your own policy")).toBeVisible();
  await expect(role(page, ROLE)).toBeVisible();
});

test("a finding leads to its place, is mended by a press, and the mending is taken back", async ({ page, site }) => {
  await site.open();
  await put(page, ownPolicy({ Condition: { StringLike: { "gitlab.com:sub": ["project_path:mygroup/*", "project_path:mygroup/*"] } } }));
  const findings = page.getByRole("region", { name: "Findings" });
  const before = await editor(page).inputValue();
  await findings.getByRole("button", { name: /^line / }).first().click();
  await expect(editor(page)).toBeFocused();
  await findings.getByRole("button", { name: /^Why/ }).first().click();
  await expect(findings.getByRole("heading", { name: "What to do" })).toBeVisible();
  const count = await findings.getByRole("listitem").count();
  await findings.getByRole("button", { name: /^Fix: / }).first().click();
  await expect.poll(() => findings.getByRole("listitem").count()).toBeLessThan(count);
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press("Control+z");
  expect(await editor(page).inputValue()).toBe(before);
  await findings.getByRole("button", { name: "See a token that proves it" }).first().click();
  await expect(page).toHaveTitle("Allowed · Claimcheck");
});

test("a policy that a setup can say is taken back into one", async ({ page, site }) => {
  await site.open();
  await put(page, policy("project_path:acme/shop:ref_type:tag:ref:v1"));
  await page.getByRole("button", { name: "Compose from this policy" }).click();
  await expect(page.getByRole("textbox", { name: `project, scope 1 of ${ROLE}`, exact: true })).toHaveValue("acme/shop");
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(page.getByText("This is your own policy")).toBeVisible();
  await put(page, policy(MAIN, ', "Bool": { "aws:SecureTransport": "true" }'));
  await page.getByText("It cannot be composed").click();
  await expect(page.getByText("no scope asks for aws:SecureTransport")).toBeVisible();
});

test("what no token tells can be given", async ({ page, site }) => {
  await site.open();
  await put(page, policy(MAIN, ', "IpAddress": { "aws:SourceIp": "192.0.2.0/24" }'));
  await expect(page).toHaveTitle("Depends · Claimcheck");
  const key = page.getByRole("textbox", { name: "aws:SourceIp" });
  await key.fill("192.0.2.7");
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await key.fill("198.51.100.7");
  await expect(page).toHaveTitle("Denied · Claimcheck");
  await key.fill("");
  await expect(page).toHaveTitle("Depends · Claimcheck");
});

test("a policy that is pasted at the check goes into the editor", async ({ page, site }) => {
  await site.open();
  await paste(page, ownPolicy({ Sid: "Pasted" }));
  await expect(page.getByText("This is your own policy")).toBeVisible();
  expect(await editor(page).inputValue()).toContain("Pasted");
});

const TERRAFORM = `variable "account" {}

locals {
  sub = "project_path:mygroup/myrepo:ref_type:branch:ref:main"
}

module "network" {
  source = "./network"
}

data "aws_iam_policy_document" "deploy" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::\${var.account}:oidc-provider/gitlab.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "gitlab.com:aud"
      values   = ["https://gitlab.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "gitlab.com:sub"
      values   = [local.sub]
    }
  }
}

resource "aws_iam_role" "deploy" {
  name               = "deploy"
  assume_role_policy = data.aws_iam_policy_document.deploy.json
}

resource "aws_iam_role" "other" {
  name               = "other"
  assume_role_policy = module.network.trust
}
`;

test("Terraform is judged with the values it is given, by role, and what was not read is said", async ({ page, site }) => {
  await site.open();
  await put(page, TERRAFORM);
  const panel = page.getByRole("tabpanel");
  await expect(panel.getByText("Taken for Terraform. Judged is the trust policy of aws_iam_role.deploy. Not judged, as it could not be read: aws_iam_role.other.")).toBeVisible();
  const unread = panel.locator(".also", { hasText: "Not read in this text" });
  await expect(unread.getByText("modules are not followed")).toBeVisible();
  await unread.getByRole("listitem").filter({ hasText: "aws_iam_role.other" }).getByRole("button").click();
  const selected = await editor(page).evaluate((it) => it.value.slice(it.selectionStart, it.selectionEnd));
  expect(selected).toBe("module.network.trust");
  await expect(page).toHaveTitle("Allowed · Claimcheck");

  const account = page.getByLabel("var.account");
  await account.fill("123456789012");
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await put(page, TERRAFORM.replace('  sub = "project_path:mygroup/myrepo:', '  sub = "project_path:${var.group}/myrepo:'));
  await expect(page).toHaveTitle(/Depends/);
  await page.getByLabel("var.group").fill("mygroup");
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await page.getByLabel("var.group").fill("another");
  await expect(page).toHaveTitle("Denied · Claimcheck");
  await expect(account).toHaveValue("123456789012");

  const other = TERRAFORM.slice(TERRAFORM.indexOf('resource "aws_iam_role" "deploy"'));
  const third = other.slice(0, other.indexOf("resource", 9)).replaceAll("deploy", "wide").replace("data.aws_iam_policy_document.wide.json", `jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/gitlab.com" }
      Condition = { StringLike = { "gitlab.com:sub" = "project_path:*" } }
    }]
  })`);
  await put(page, TERRAFORM + third);
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "aws_iam_role.wide" });
  const findings = panel.getByRole("region", { name: "Findings" });
  await expect(findings.getByText("critical").first()).toBeVisible();
  const wanted = page.locator(".trace__value").getByText("project_path:*", { exact: true });
  await expect(wanted).toBeVisible();
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "aws_iam_role.deploy" });
  await expect(wanted).toHaveCount(0);
  await expect(unread.getByText("aws_iam_role.other")).toBeVisible();
});

test("the lines keep their numbers through every edit", async ({ page, site }) => {
  await site.open();
  const numbers = async () => {
    await expect(page.locator("#policy-lines")).toHaveText(await editor(page).inputValue());
    return page.locator(".editor").screenshot({ caret: "hide" });
  };
  await put(page, TERRAFORM);
  for (const edit of [
    () => select(page, 20).then(() => page.keyboard.press("Enter")),
    () => select(page, 30).then(() => page.keyboard.insertText("# a\n".repeat(20))),
    () => select(page, 0, 60).then(() => page.keyboard.press("Delete")),
  ]) {
    await edit();
    await page.getByRole("heading", { name: "Claimcheck" }).click();
    const after = await numbers();
    await page.evaluate(() => {
      document.querySelectorAll("#policy-lines .code__line").forEach((it, at) => it.setAttribute("data-number", at + 1));
      const counted = new CSSStyleSheet();
      counted.replaceSync(".code__line::before { content: attr(data-number) / ''; }");
      document.adoptedStyleSheets = [counted];
    });
    expect((await numbers()).equals(after), "the same as counted by hand").toBe(true);
    await page.evaluate(() => (document.adoptedStyleSheets = []));
  }
});
