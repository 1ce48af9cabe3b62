//! What is composed beyond the sentence: rare fields, inline policies, custom subjects, presets, places, undo. By mouse and by
//! keyboard; what comes out is what the command makes of the same setup.

import AxeBuilder from "@axe-core/playwright";

import { expect, test } from "../fixtures/test.mjs";
import { allowClipboard, chooseFile, copied, field, linkOf, notice, printed, role, setupFile, setupInAddress, shownFile, tooWide } from "../fixtures/person.mjs";

const ROLE = "gitlab-prod-deploy";
const undo = (page) => page.getByRole("button", { name: /^Undo/ });
const redo = (page) => page.getByRole("button", { name: /^Redo/ });
const inScope = (what, scope = 1, name = ROLE) => `${what}, scope ${scope} of ${name}`;
/** The disclosures: of the first group, and of the role. */
const more = (page, at) => page.locator("summary").nth(at);
const isOpen = (page, at) => page.locator("details").nth(at).evaluate((it) => it.open);

/** The setup as a value, from the page's address. */
async function composed(page) {
  return JSON.parse(await setupInAddress(page));
}

/** The chosen file is the one that the command makes of the setup in the address. */
async function isTheCommands(page, kind, more = []) {
  const setup = await setupInAddress(page);
  await expect(shownFile(page)).toHaveText(printed(["generate", "-", "--only", kind, ...more], setup), { useInnerText: false });
}

test.describe("what is asked rarely", () => {
  test("issuer, version, partition and provider, by mouse", async ({ page, site }) => {
    await site.open();
    expect(await isOpen(page, 0)).toBe(false);
    await more(page, 0).click();
    await field(page, "GitLab").fill("https://gitlab.corp.example:8443");
    await expect(page.getByText(/AWS takes no port/)).toBeVisible();
    await field(page, "Issuer").fill("https://id.corp.example");
    await expect(page.getByText(/AWS takes no port/)).toHaveCount(0);
    await field(page, "Version").fill("15.0");
    await expect(page.getByText("GitLab 15.0 has no ID tokens")).toBeVisible();
    await field(page, "Version").fill("18.7");
    await field(page, "Provider").selectOption("existing");
    const setup = await composed(page);
    expect(setup.gitlab).toMatchObject({ url: "https://gitlab.corp.example:8443", issuer: "https://id.corp.example", version: "18.7" });
    expect(setup.aws.provider).toBe("existing");
    await expect(shownFile(page)).toContainText("oidc-provider/id.corp.example");
    await chooseFile(page, "Terraform");
    await isTheCommands(page, "terraform");
  });

  test("by keyboard, and a field that is emptied does not close it", async ({ page, site }) => {
    await site.open();
    await field(page, "Region").focus();
    await page.keyboard.press("Tab");
    await expect(more(page, 0)).toBeFocused();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await expect(field(page, "Issuer")).toBeFocused();
    await page.keyboard.type("https://x.example");
    expect((await composed(page)).gitlab.issuer).toBe("https://x.example");
    await page.keyboard.press("Control+A");
    await page.keyboard.press("Delete");
    await expect(field(page, "Issuer")).toBeFocused();
    expect(await isOpen(page, 0)).toBe(true);
    await expect(page.getByText("This is an example."), "all is as it was").toBeVisible();
  });

  test("it opens when something in it is set, also by a region", async ({ page, site }) => {
    await site.open(linkOf(setupFile("existing-provider")));
    expect(await isOpen(page, 0)).toBe(true);
    await expect(field(page, "Provider")).toHaveValue("existing");
    await site.open();
    await field(page, "Region").fill("us-gov-west-1");
    expect(await isOpen(page, 0)).toBe(true);
    await expect(field(page, "Partition")).toHaveValue("aws-us-gov");
    await expect(field(page, `managed policy 1 of ${ROLE}`)).toHaveValue("arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess");
    await field(page, "Partition").selectOption("aws-cn");
    await expect(page.getByText(/AWS has the region us-gov-west-1 in the partition/)).toBeVisible();
  });

  test("a role's path and its inline policy, with the place of what is wrong", async ({ page, site }) => {
    await site.open();
    await more(page, 1).click();
    await field(page, "Path").fill("ci");
    await expect(page.getByText(/IAM takes no role path/)).toBeVisible();
    await field(page, "Path").fill("/ci/");
    const policy = field(page, "Inline policy");
    await policy.fill('{\n  "Version": "2012-10-17",\n  "Statement": [],\n}');
    await expect(page.getByText("line 3, column 18: a comma with nothing after it")).toBeVisible();
    await expect(policy).toHaveAttribute("aria-invalid", "true");
    await expect(policy).toHaveAccessibleDescription(/line 3, column 18/);
    await policy.fill('{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b"}}');
    await expect(policy).not.toHaveAttribute("aria-invalid");
    await chooseFile(page, "Permissions");
    await isTheCommands(page, "permissions");
    expect((await composed(page)).roles[0].path).toBe("/ci/");
    await policy.fill("");
    await expect(page.getByRole("tab", { name: "Permissions" })).toHaveCount(0);
  });
});

test.describe("a custom subject", () => {
  test("by mouse: components, their order and values, the sub, and what sets it", async ({ page, site, context }) => {
    await allowClipboard(context);
    await site.open();
    await field(page, "GitLab").fill("https://git.example.com");
    await page.getByRole("checkbox", { name: inScope("this project has a custom subject") }).check();
    const group = page.getByRole("group", { name: inScope("custom subject") });
    await expect(group).toContainText("project_path:mygroup/myrepo:ref_type:branch:ref:main");
    await expect(group.locator("span.tint")).toHaveText(["mygroup/myrepo", "branch", "main"]);
    await field(page, inScope("Add a component")).selectOption("ref_protected");
    await expect(field(page, inScope("ref_protected"))).toHaveValue("true");
    await expect(group).toContainText("since GitLab 18.7");
    await field(page, inScope("Add a component")).selectOption("deployment_tier");
    await field(page, inScope("deployment_tier")).fill("staging");
    await group.getByRole("button", { name: `Move ${inScope("ref_protected")} up` }).click();
    await expect(group.getByRole("button", { name: `Move ${inScope("ref_protected")} up` }), "the focus goes with it").toBeFocused();
    await group.getByRole("button", { name: `Remove ${inScope("ref_type")}` }).click();
    await field(page, inScope("first component")).selectOption("project_id");
    await expect(group).toContainText("not confirmed");
    await expect(group).toContainText("project_id:…:ref_protected:true:ref:main:deployment_tier:staging");
    await field(page, inScope("project_id")).fill("4711");
    const scope = (await composed(page)).roles[0].scopes[0];
    expect(scope).toMatchObject({ ref_type: "any", ref: "main", project_id: "4711", ref_protected: true, deployment_tier: "staging" });
    expect(scope.sub_claim_components).toEqual(["project_id", "ref_protected", "ref", "deployment_tier"]);
    await isTheCommands(page, "trust-policy");

    await group.getByRole("button", { name: /^Copy the call/ }).click();
    await expect(notice(page, /^Copied /)).toBeVisible();
    const call = await page.evaluate(() => navigator.clipboard.readText());
    expect(call).toContain(`--data '{"ci_id_token_sub_claim_components":["project_id","ref_protected","ref","deployment_tier"]}'`);
    expect(call).toContain("https://git.example.com/api/v4/projects/mygroup%2Fmyrepo");
    expect(printed(["generate", "-", "--only", "readme"], await setupInAddress(page)), "the README says the same").toContain(call);
    await group.getByRole("button", { name: /^Copy the same in Terraform/ }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("ci_id_token_sub_claim_components = [");
  });

  test("by keyboard, and switched off it leaves nothing behind", async ({ page, site }) => {
    await site.open();
    await field(page, "GitLab").fill("https://git.example.com");
    await page.getByRole("checkbox", { name: inScope("this project has a custom subject") }).focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await expect(field(page, inScope("first component"))).toBeFocused();
    await field(page, inScope("Add a component")).focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await expect(field(page, inScope("ref_protected")).or(field(page, inScope("project_id"))).first()).toBeVisible();
    await expect(field(page, inScope("Add a component"))).toBeFocused();
    const remove = page.getByRole("button", { name: `Remove ${inScope("ref_type")}` });
    await remove.focus();
    await page.keyboard.press("Enter");
    await expect(field(page, inScope("Add a component"))).toBeFocused();
    await page.getByRole("checkbox", { name: inScope("this project has a custom subject") }).focus();
    await page.keyboard.press("Space");
    const scope = (await composed(page)).roles[0].scopes[0];
    expect(Object.keys(scope).sort()).toEqual(["project", "ref", "ref_type"]);
  });

  test("the version of the instance decides what there is", async ({ page, site }) => {
    await site.open(linkOf(setupFile("custom-subject")));
    await more(page, 0).click();
    await field(page, "Version").fill("18.6");
    await expect(page.getByText(/GitLab 18.6 refuses the sub component environment_protected/)).toBeVisible();
  });
});

test.describe("undo and redo", () => {
  test("keys in a row are one step, and the buttons say what they do and keep the focus", async ({ page, site }) => {
    await site.open();
    await expect(undo(page)).toHaveAttribute("aria-disabled", "true");
    await field(page, "Account").click();
    await page.keyboard.press("Control+A");
    await page.keyboard.type("000011112222");
    await field(page, "Region").fill("eu-central-1");
    await field(page, inScope("kind of ref")).selectOption("tag");
    await expect(undo(page)).toHaveAccessibleName("Undo: change of ref_type");
    await undo(page).click();
    await expect(undo(page)).toBeFocused();
    await expect(field(page, inScope("kind of ref"))).toHaveValue("branch");
    await expect(undo(page)).toHaveAccessibleName("Undo: change of region");
    await page.keyboard.press("Enter");
    await expect(field(page, "Region")).toHaveValue("eu-west-1");
    await expect(field(page, "Account")).toHaveValue("000011112222");
    await page.keyboard.press("Enter");
    await expect(field(page, "Account")).toHaveValue("123456789012");
    await expect(page.getByText("This is an example.")).toBeVisible();
    await expect(undo(page)).toBeFocused();
    await expect(undo(page)).toHaveAttribute("aria-disabled", "true");
    await page.keyboard.press("Enter");
    await expect(redo(page)).toHaveAccessibleName("Redo: change of account_id");
    for (let step = 0; step < 3; step++) await redo(page).click();
    await expect(field(page, inScope("kind of ref"))).toHaveValue("tag");
    await expect(redo(page)).toBeFocused();
    await expect(redo(page)).toHaveAttribute("aria-disabled", "true");
  });

  test("a field that is left and typed in again is two steps", async ({ page, site }) => {
    await site.open();
    await field(page, "Account").fill("000011112222");
    await field(page, "Region").focus();
    await field(page, "Account").fill("000011113333");
    await undo(page).click();
    await expect(field(page, "Account")).toHaveValue("000011112222");
  });

  test("Ctrl+Z in a field is the browser's", async ({ page, site }) => {
    await site.open();
    await page.getByRole("button", { name: "+ add a scope" }).click();
    const account = field(page, "Account");
    await account.click();
    await page.keyboard.press("End");
    await page.keyboard.type("9");
    await expect(account).toHaveValue("1234567890129");
    await page.keyboard.press("Control+Z");
    await expect(account).toHaveValue("123456789012");
    await expect(account).toBeFocused();
    await expect(undo(page), "what was typed and taken back is no step").toHaveAccessibleName("Undo: adding");
    await expect(page.getByRole("group", { name: `scope 2 of ${ROLE}` })).toBeVisible();
  });

  test("what changes the structure comes back whole: scopes, roles, another setup", async ({ page, site }) => {
    await site.open(linkOf(setupFile("several-roles")));
    const before = await composed(page);
    await page.getByRole("button", { name: "Remove scope 1 of gitlab-prod" }).click();
    await page.getByRole("button", { name: "Remove role" }).click();
    await page.locator("#picker").setInputFiles({ name: "other.json", mimeType: "application/json", buffer: Buffer.from(setupFile("tags")) });
    await expect(notice(page, "Opened other.json")).toBeVisible();
    await expect(undo(page)).toHaveAccessibleName("Undo: opened setup");
    for (let step = 0; step < 3; step++) await undo(page).click();
    expect(await composed(page)).toEqual(before);
    await expect(role(page, "gitlab-prod")).toBeChecked();
  });
});

test.describe("places", () => {
  test("a scope goes up and down by keyboard, and the focus with it", async ({ page, site }) => {
    await site.open();
    await page.getByRole("button", { name: "+ add a scope" }).click();
    await field(page, inScope("ref", 2)).fill("next");
    await page.getByRole("button", { name: `Move scope 2 of ${ROLE} up` }).focus();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: `Move scope 1 of ${ROLE} up` })).toBeFocused();
    await expect(field(page, inScope("ref", 1))).toHaveValue("next");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("button", { name: `Move scope 1 of ${ROLE} up` }), "at the end it stays").toBeFocused();
    expect((await composed(page)).roles[0].scopes.map((it) => it.ref)).toEqual(["next", "main"]);
    await page.getByRole("button", { name: `Move scope 1 of ${ROLE} down` }).click();
    await expect(page.getByRole("button", { name: `Move scope 2 of ${ROLE} down` })).toBeFocused();
    expect((await composed(page)).roles[0].scopes.map((it) => it.ref)).toEqual(["main", "next"]);
    await isTheCommands(page, "trust-policy");
  });

  test("a role goes to the left and right, and stays chosen", async ({ page, site }) => {
    await site.open(linkOf(setupFile("several-roles")));
    const names = async () => (await composed(page)).roles.map((it) => it.name);
    const before = await names();
    const right = () => page.getByRole("button", { name: /^Move .* to the right$/ });
    await right().focus();
    await page.keyboard.press("Enter");
    await expect(right()).toBeFocused();
    expect(await names()).toEqual([before[1], before[0], ...before.slice(2)]);
    await expect(role(page, before[0])).toBeChecked();
    await page.getByRole("button", { name: `Move ${before[0]} to the left` }).click();
    expect(await names()).toEqual(before);
  });
});

test.describe("permissions of common deployments", () => {
  test("by mouse: what is missing is said, what is written is the command's", async ({ page, site }) => {
    await site.open();
    await field(page, `Add the permissions of a common deployment of ${ROLE}`).selectOption({ label: "deploy an ECS service" });
    const group = page.getByRole("group", { name: "deploy an ECS service" });
    await group.getByRole("button", { name: "Write into the inline policy" }).click();
    await expect(field(page, "cluster")).toBeFocused();
    await expect(field(page, "cluster")).toHaveAccessibleDescription(/which cluster/);
    await field(page, "cluster").fill("prod*");
    await field(page, "service").fill("web");
    await field(page, "family").fill("web");
    await field(page, "execution role (optional)").fill("ecsTaskExecutionRole");
    await group.getByRole("button", { name: "Write into the inline policy" }).click();
    await expect(group).toContainText("a preset names what it allows");
    await field(page, "cluster").fill("prod");
    const before = await setupInAddress(page).catch(() => printed(["open", linkOf(setupFile("one-scope"))]));
    expect(before).not.toContain("permissions_document");
    await group.getByRole("button", { name: "Write into the inline policy" }).click();
    await expect(group).toHaveCount(0);
    await expect(notice(page, "Written into the inline policy: deploy an ECS service")).toBeVisible();
    await expect(field(page, "Inline policy")).toBeVisible();
    await expect(field(page, `Add the permissions of a common deployment of ${ROLE}`)).toBeFocused();
    await expect(field(page, `Add the permissions of a common deployment of ${ROLE}`)).toHaveValue("");
    const after = await composed(page);
    const { permissions_document: _, ...role } = after.roles[0];
    const words = ["cluster=prod", "service=web", "family=web", "execution_role=ecsTaskExecutionRole"].flatMap((it) => ["--set", it]);
    const byCommand = printed(["presets", "ecs-deploy", "-", ...words], JSON.stringify({ ...after, roles: [role] }));
    expect(JSON.parse(byCommand)).toEqual(after);
    await undo(page).click();
    await expect(field(page, "Inline policy")).toHaveValue("");
  });

  test("by keyboard, beside what is there", async ({ page, site }) => {
    await site.open(linkOf(setupFile("inline-permissions")));
    await field(page, "Add the permissions of a common deployment of gitlab-s3").focus();
    await page.keyboard.type("push");
    await page.keyboard.press("Tab");
    await expect(field(page, "repository")).toBeFocused();
    await page.keyboard.type("app");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const sids = async () => (await composed(page)).roles[0].permissions_document.Statement.map((it) => it.Sid);
    expect(await sids()).toEqual(["Upload", undefined, "EcrPushToken", "EcrPush"]);
    await chooseFile(page, "Permissions");
    await isTheCommands(page, "permissions");
  });
});

test("an address to clone, pasted as the project, is split", async ({ page, site, context }) => {
  await allowClipboard(context);
  await site.open();
  for (const [text, url, project] of [
    ["git@git.example.com:acme/web/shop.git", "https://git.example.com", "acme/web/shop"],
    ["https://oauth2:glpat-secret@gitlab.com/acme/shop.git", "https://gitlab.com", "acme/shop"],
  ]) {
    await page.evaluate((it) => navigator.clipboard.writeText(it), text);
    await field(page, inScope("project")).press("Control+V");
    await expect(field(page, inScope("project"))).toHaveValue(project);
    await expect(field(page, "GitLab")).toHaveValue(url);
  }
  expect(page.url()).not.toContain("secret");
  await expect(undo(page)).toHaveAccessibleName("Undo: pasted address");
});

const STATES = {
  "rare fields": async (page, site) => {
    await site.open();
    await more(page, 0).click();
    await more(page, 1).click();
    await field(page, "Version").fill("1");
    await field(page, "Inline policy").fill("{");
  },
  "a custom subject": (page, site) => site.open(linkOf(setupFile("custom-subject"))),
  "a preset": async (page, site) => {
    await site.open(linkOf(setupFile("several-roles")));
    await field(page, "Add the permissions of a common deployment of gitlab-prod").selectOption({ label: "deploy an ECS service" });
    await page.getByRole("button", { name: "Write into the inline policy" }).click();
  },
};

for (const [name, come] of Object.entries(STATES)) {
  for (const viewport of [{ width: 1440, height: 960 }, { width: 320, height: 900 }]) {
    test(`axe has nothing to object to, and nothing scrolls sideways: ${name}, ${viewport.width} px`, async ({ page, site }) => {
      await page.setViewportSize(viewport);
      await come(page, site);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const { violations, passes } = await new AxeBuilder({ page }).analyze();
        expect(passes.length).toBeGreaterThan(5);
        expect.soft(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((it) => it.target.join(" "))]), colorScheme).toEqual([]);
      }
      expect(await tooWide(page)).toBe(0);
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll("#who *")]
          .filter((it) => it.checkVisibility() && it.getBoundingClientRect().right > document.getElementById("who").getBoundingClientRect().right + 1)
          .map((it) => `${it.tagName} ${it.className} ${it.textContent.slice(0, 30)}`),
      );
      expect(outside).toEqual([]);
    });
  }
}
