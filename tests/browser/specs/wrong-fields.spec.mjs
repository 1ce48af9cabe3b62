//! What is wrong is said beside its field, and nothing else is lost.
//!
//! For each kind of field, values that AWS or GitLab would refuse: the field is marked and described by its message, which stands
//! below it; the files are marked as older and stay, and so does the verdict; mending takes all of it away again. Files and links
//! that cannot be opened are refused by name, and the page stays as it was.

import { expect, test } from "../fixtures/test.mjs";
import { chooseFile, field, linkOf, printed, setupFile, setupInAddress, shownFile, notice } from "../fixtures/person.mjs";

const ROLE = "gitlab-prod-deploy";
const STALE = "Something on the left is not right yet.";

/** A field, the value that mends it, and wrong values, each with a part of what is said. */
const WRONG = [
  ["GitLab", "https://gitlab.com", [
    ["", "still empty"],
    ["http://gitlab.com", "AWS takes https addresses only"],
    ["https://gitlab.com/", "without a slash at the end"],
    ["https://gitlab.com?x", "AWS takes no ? or #"],
    ["https://git_lab.com", "is no host name"],
    ["https://gitlab.example.org:8443", "AWS takes no port in a provider's URL"],
  ]],
  ["Audience", "sts.amazonaws.com", [
    ["", "still empty"],
    ["a$b", "GitLab expands $ in aud"],
    ["ключ", "IAM takes no к in a policy"],
    ["x".repeat(256), "at most 255 characters"],
  ]],
  ["Account", "123456789012", [
    ["", "still empty"],
    ["12345", "AWS account ids have 12 digits; this is 12345"],
    ["1234-5678-9012", "AWS account ids have 12 digits"],
  ]],
  ["Region", "eu-west-1", [
    ["mars-1", "AWS names no region mars-1"],
    ["eu west 1", "AWS names no region eu west 1"],
  ]],
  [`project, scope 1 of ${ROLE}`, "acme/shop", [
    ["", "still empty"],
    ["acme", "acme is a group or a user"],
    ["acme/my shop", "in a path"],
    ["/acme/shop", "neither begin nor end with /"],
    ["acme/shop.git", "GitLab takes no path with the part shop.git"],
  ]],
  [`ref, scope 1 of ${ROLE}`, "main", [
    ["", "still empty"],
    ["refs/heads/main", "without refs/heads/"],
    ["my branch", "git takes no"],
    ["a..b", "git takes no .. in a branch or tag"],
    ["ветка", "IAM takes no в in a policy"],
  ]],
  [`environment of ${ROLE}`, "production", [
    ["prod!", "GitLab takes no environment named prod!"],
  ]],
  [`managed policy 1 of ${ROLE}`, "arn:aws:iam::aws:policy/ReadOnlyAccess", [
    ["", "still empty"],
    ["ReadOnlyAccess", "IAM attaches managed policies by ARN"],
    ["arn:aws-cn:iam::aws:policy/ReadOnlyAccess", "policies of the role's own partition"],
    ["arn:aws:iam::999999999999:policy/Mine", "or of the role's own account"],
  ]],
];

/** Fields of the CI file. */
const WRONG_IN_CI = [
  ["Job", "deploy", [
    ["", "still empty"],
    ["stages", "stages is a keyword of GitLab's"],
    [".hidden", "begins with a dot"],
  ]],
  ["Image", "", [["an image", "no container image is named an image"]]],
];

/** What stands on the page and has to stay while a field is wrong. */
async function answers(page) {
  const stamp = page.getByRole("article", { name: "Token" }).locator("p", { hasText: "Verdict:" });
  return { title: await page.title(), stamp: await stamp.textContent(), file: await shownFile(page).textContent() };
}

/** The wrong values of one field, one after the other, each mended. */
async function wrongThenMended(page, [name, right, values]) {
  const input = field(page, name);
  await input.fill(right);
  await expect(input).not.toHaveAttribute("aria-invalid");
  const before = await answers(page);
  for (const [value, words] of values) {
    await test.step(`${name}: ${JSON.stringify(value.slice(0, 40))}`, async () => {
      await input.fill(value);
      await expect(input).toHaveAttribute("aria-invalid", "true");
      await expect(input).toHaveAccessibleDescription(new RegExp(`^${value === "" ? "To fill in" : "Wrong"}: `));
      await expect(input).toHaveAccessibleDescription(new RegExp(words.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
      await expect(input).toHaveValue(value);
      await expect(input).toBeFocused();
      // Where a person looks: below the field, in the same card or row.
      const message = page.getByRole("listitem").filter({ hasText: words }).last();
      const [at, under] = [await input.boundingBox(), await message.boundingBox()];
      expect(under.y, "the message stands below its field").toBeGreaterThanOrEqual(at.y + at.height - 1);
      expect(under.y - at.y - at.height, "and near it").toBeLessThan(240);
      await expect(page.getByRole("tabpanel").getByText(STALE)).toBeVisible();
      expect(await answers(page), "files and verdict stay at the last good setup").toEqual(before);
      await input.fill(right);
      await expect(input).not.toHaveAttribute("aria-invalid");
      await expect(page.getByText(STALE)).toHaveCount(0);
      expect(await input.getAttribute("aria-describedby"), "nothing is said any more").toBeNull();
      expect(await answers(page)).toEqual(before);
    });
  }
}

for (const it of WRONG) {
  test(`a wrong value of "${it[0].replace(/,.*| of .*/, "")}" is said beside it`, async ({ page, site }) => {
    await site.open();
    await wrongThenMended(page, it);
  });
}

test("a wrong job or image is said beside it", async ({ page, site }) => {
  await site.open();
  await chooseFile(page, ".gitlab-ci.yml");
  for (const it of WRONG_IN_CI) await wrongThenMended(page, it);
});

test("a wrong length of a session is said beside it, and goes with the method", async ({ page, site }) => {
  await site.open();
  await chooseFile(page, ".gitlab-ci.yml");
  await field(page, "Credentials").selectOption("assume-role");
  await wrongThenMended(page, ["Session, in seconds", "1800", [["600", "900"], ["7200", "3600"], ["soon", "soon"]]]);
  await field(page, "Session, in seconds").fill("600");
  await expect(page.getByText(STALE)).toBeVisible();
  await field(page, "Credentials").selectOption("token-file");
  await expect(page.getByText(STALE)).toHaveCount(0);
});

test("a wrong role name is said beside it, and the role keeps being found by it", async ({ page, site }) => {
  await site.open();
  const input = field(page, `name of the role of ${ROLE}`);
  const file = await shownFile(page).textContent();
  await input.fill("my:role");
  const renamed = field(page, "name of the role of my:role");
  await expect(renamed).toHaveAttribute("aria-invalid", "true");
  await expect(renamed).toHaveAccessibleDescription(/IAM takes no : in a role name/);
  await expect(page.getByText(STALE)).toBeVisible();
  expect(await shownFile(page).textContent()).toBe(file);
  await renamed.fill("");
  await expect(field(page, "name of the role of unnamed role")).toHaveAccessibleDescription(/still empty/);
  await field(page, "name of the role of unnamed role").fill("r".repeat(65));
  await expect(field(page, `name of the role of ${"r".repeat(65)}`)).toHaveAccessibleDescription(/64/);
  await field(page, `name of the role of ${"r".repeat(65)}`).fill("shop-deploy");
  await expect(page.getByText(STALE)).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "trust-policy-shop-deploy.json" })).toBeVisible();
});

test("a region of another partition is said where it does not fit", async ({ page, site }) => {
  await site.open();
  const policy = field(page, `managed policy 1 of ${ROLE}`);
  await policy.fill("arn:aws:iam::123456789012:policy/mine");
  await field(page, "Region").fill("cn-north-1");
  await expect(policy).toHaveAccessibleDescription(/policies of the role's own partition, aws-cn/);
  await expect(page.getByText(STALE)).toBeVisible();
  await policy.fill("arn:aws-cn:iam::aws:policy/ReadOnlyAccess");
  await expect(page.getByText(STALE)).toHaveCount(0);
  await expect(shownFile(page)).toContainText("arn:aws-cn:iam::123456789012:oidc-provider/gitlab.com");
});

test("two roles of one name are said at the second", async ({ page, site }) => {
  await site.open();
  await page.getByRole("button", { name: "Add a role" }).click();
  await field(page, "name of the role of gitlab-role").fill(ROLE.toUpperCase());
  const second = field(page, `name of the role of ${ROLE.toUpperCase()}`);
  await expect(second).toHaveAccessibleDescription(/IAM takes each role name once, in whatever case/);
  await second.fill("other");
  await expect(page.getByText(STALE)).toHaveCount(0);
});

test("pins: each wrong value is said beside it", async ({ page, site }) => {
  await site.open();
  const menu = page.getByRole("combobox", { name: `Add a pin, scope 1 of ${ROLE}` });
  for (const [claim, right, wrong] of [
    ["project_id", "4711", [["mygroup", "digits"]]],
    ["pipeline_source", "push", [["", "still empty"], ["pu*", "*"]]],
    ["user_login", "jdoe", [["j?oe", "?"]]],
  ]) {
    await menu.selectOption({ value: claim });
    await expect(field(page, `${claim}, scope 1 of ${ROLE}`), "a new blank has the focus").toBeFocused();
    await wrongThenMended(page, [`${claim}, scope 1 of ${ROLE}`, right, wrong]);
  }
});

test("a pin's field stays while it is empty", async ({ page, site }) => {
  await site.open();
  await page.getByRole("combobox", { name: `Add a pin, scope 1 of ${ROLE}` }).selectOption({ value: "project_id" });
  const input = field(page, `project_id, scope 1 of ${ROLE}`);
  await input.fill("4711");
  await input.press("Control+A");
  await input.press("Delete");
  await expect(input).toBeFocused();
  await expect(input).toHaveAccessibleDescription(/still empty/);
  await input.pressSequentially("42");
  await expect(shownFile(page)).toContainText('"gitlab.com:project_id": "42"');
});

test("a wrong field of another role is said at the top, and its role is where it is mended", async ({ page, site }) => {
  await site.open(linkOf(setupFile("several-roles")));
  await field(page, "ref, scope 2 of gitlab-prod").fill("a b");
  await page.getByRole("radio", { name: /^gitlab-review/ }).locator("xpath=..").click();
  const elsewhere = page.getByRole("region", { name: "Who may get in" });
  await expect(elsewhere.getByRole("heading", { name: "Elsewhere in this setup" })).toBeVisible();
  await expect(elsewhere.getByText(/git takes no/)).toBeVisible();
  await expect(page.getByText(STALE)).toBeVisible();
  await page.getByRole("radio", { name: /^gitlab-prod/ }).locator("xpath=..").click();
  await field(page, "ref, scope 2 of gitlab-prod").fill("main");
  await expect(page.getByText(STALE)).toHaveCount(0);
  await expect(elsewhere.getByRole("heading", { name: "Elsewhere in this setup" })).toHaveCount(0);
});

/** Opens a file with the button, as a person does. */
async function open(page, name, content, mimeType = "application/json") {
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Open…" }).click()]);
  await chooser.setFiles({ name, mimeType, buffer: Buffer.from(content) });
}

test("files that are no setup are refused by name, and the page stays as it was", async ({ page, site }) => {
  await site.open(linkOf(setupFile("one-scope")));
  const [before, address] = [await answers(page), page.url()];
  const good = JSON.parse(setupFile("one-scope"));
  const files = [
    ["empty.json", "", /empty\.json was not opened: /],
    ["cut.json", setupFile("one-scope").slice(0, 60), /cut\.json was not opened: .*line \d+/],
    ["list.json", "[]", /list\.json was not opened: /],
    ["newer.json", JSON.stringify({ ...good, version: 2 }), /newer\.json was not opened: .*2/],
    ["odd.json", JSON.stringify({ ...good, rolls: [] }), /odd\.json was not opened: .*rolls.*roles/],
    ["two.json", JSON.stringify({ ...good, a: 1, b: 2 }), /two\.json was not opened: .*; and 1 more/],
    ["number.json", JSON.stringify({ ...good, aws: { account_id: 123456789012 } }), /number\.json was not opened: .*"123456789012"/],
    ["photo.json", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]), /photo\.json was not opened: /],
    ["large.json", " ".repeat(1024 * 1024 + 1), /large\.json was not opened: it is larger than 1 MB/],
  ];
  for (const [name, content, words] of files) {
    await open(page, name, content);
    const said = notice(page, `${name} was not opened: `);
    await expect(said).toBeVisible();
    await expect(said).toHaveText(words);
    expect(await answers(page)).toEqual(before);
    expect(page.url()).toBe(address);
    await page.getByRole("button", { name: "Close" }).click();
    await expect(said).toHaveCount(0);
  }
});

test("a setup file is opened, and a second time after it was mended", async ({ page, site }) => {
  await site.open();
  await open(page, "mine.json", setupFile("tags"));
  await expect(notice(page, "Opened mine.json")).toBeVisible();
  expect(JSON.parse(await setupInAddress(page))).toEqual(JSON.parse(printed(["open", linkOf(setupFile("tags"))])));
  await open(page, "mine.json", setupFile("pins"));
  await expect(shownFile(page)).toHaveText(printed(["generate", "-", "--only", "trust-policy"], setupFile("pins")), { useInnerText: false });
});

const LINKS = [
  ["cut", (link) => link.slice(0, -9), /damaged/],
  ["garbled", () => "#1.!!!", /damaged/],
  ["of a newer version", (link) => link.replace("#1.", "#2."), /version 2/],
  ["foreign", () => "#section-3", /not one of Claimcheck's/],
];

for (const [what, make, words] of LINKS) {
  test(`a link that is ${what} is refused by name`, async ({ page, site }) => {
    const good = linkOf(setupFile("one-scope"));
    const bad = make(good);

    await test.step("on first opening the example is shown under the message", async () => {
      await site.open(bad);
      const said = notice(page, /^The address was not opened: /);
      await expect(said).toHaveText(words);
      await expect(page.getByText("This is an example.")).toBeVisible();
      await expect(page).toHaveTitle("Allowed · Claimcheck");
    });

    await test.step("on an open page everything stays", async () => {
      await site.open(good);
      await field(page, "Account").fill("000011112222");
      await expect(shownFile(page)).toContainText("000011112222");
      const before = await answers(page);
      await page.evaluate((hash) => (location.hash = hash), bad);
      await expect(notice(page, /^The address was not opened: /)).toHaveText(words);
      expect(await answers(page)).toEqual(before);
      await expect(field(page, "Account")).toHaveValue("000011112222");
    });

    await test.step("and a good one opens in its place", async () => {
      await page.evaluate((hash) => (location.hash = hash), good);
      await expect(notice(page, /^The address was not opened: /)).toHaveCount(0);
      await expect(field(page, "Account")).not.toHaveValue("000011112222");
    });
  });
}

test("a link whose setup is not right says which field", async ({ page, site }) => {
  const { deflateRawSync } = await import("node:zlib");
  const setup = JSON.parse(setupFile("one-scope"));
  setup.aws.account_id = "12";
  await site.open(`#1.${deflateRawSync(JSON.stringify(setup)).toString("base64url")}`);
  await expect(notice(page, /^The address was not opened: /)).toHaveText(/account/);
  await expect(page.getByText("This is an example.")).toBeVisible();
});
