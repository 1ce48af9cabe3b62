//! What a hostile or a careless person types, pastes and opens: the page stays alive, says what is wrong, and executes nothing.
//!
//! Each text goes into every field at once. What is refused is said in a short message at its field; what is accepted is written
//! into files that still parse, and that equal the native command's, whose quoting is tested on its own. A megabyte goes into every
//! field and into the box for tokens too. After each, the page answers a key press, is no wider than its window, and has run none of
//! what it was given.

import { expect, test } from "../fixtures/test.mjs";
import {
  allClaims, allowClipboard, chooseFile, claimsOfJob, field, jwt, linkOf, notice, paste, printed, setupFile, setupInAddress, shownFile, tooWide,
} from "../fixtures/person.mjs";

const ROLE = "gitlab-prod-deploy";
const EXECUTE = "globalThis.__executed=1";
const TEXTS = {
  "quotes and backticks": "a\"b'c\\\"d`id`e$(id)f\\",
  "openings of templates": "a${jndi:x}b${aws:username}%{if true}c%{endif}{{d}}",
  "line breaks": "a\nb\r\nc\u2028d",
  "an end of script and a picture with a handler": `a</script><script>${EXECUTE}</script><img/src=x/onerror=${EXECUTE}>`,
  "marks from right to left": "a\u202Eb\u2066c\u200Fd\u0000",
  "markup of YAML": "- a: &x !!js/function 'b' # c",
  "letters of other scripts": "é漢字🎫",
};
/** A megabyte, without a place to break it. */
const MEGABYTE = "x".repeat(1024 * 1024);

/** The fields of the page, the role's name last as it renames the others; each with what it holds before. */
async function allFields(page) {
  for (const claim of ["project_id", "namespace_id", "pipeline_source", "user_login", "user_email"]) {
    await page.getByRole("combobox", { name: `Add a pin, scope 1 of ${ROLE}` }).selectOption({ value: claim });
    await field(page, `${claim}, scope 1 of ${ROLE}`).fill("4711");
  }
  await chooseFile(page, ".gitlab-ci.yml");
  await field(page, "Image").fill("docker.io/amazon/aws-cli:2.36.46");
  const names = [
    "GitLab", "Audience", "Account", "Region", `project, scope 1 of ${ROLE}`, `ref, scope 1 of ${ROLE}`,
    ...["project_id", "namespace_id", "pipeline_source", "user_login", "user_email"].map((it) => `${it}, scope 1 of ${ROLE}`),
    `environment of ${ROLE}`, `managed policy 1 of ${ROLE}`, "Job", "Image", `name of the role of ${ROLE}`,
  ];
  const all = [];
  for (const name of names) {
    const input = field(page, name);
    // Kept by its place, as its name changes with the role's.
    const id = await input.getAttribute("id");
    all.push({ name, input: page.locator(`[id="${id}"]`), before: await input.inputValue() });
  }
  return all;
}

/** What is said of a field. */
function describedBy(input) {
  return input.evaluate((it) => document.getElementById(it.getAttribute("aria-describedby")).textContent);
}

/** Puts a text into a field as a paste does: line breaks and all, as far as the field takes them. */
async function put(input, text) {
  await input.evaluate((it, value) => {
    it.focus();
    it.select();
    document.execCommand("insertText", false, value);
  }, text);
}

/** The page answers a key press, soon, and has run nothing of what it was given. */
async function expectAlive(page) {
  expect(await tooWide(page), "no wider than the window").toBe(0);
  expect(await page.evaluate(() => globalThis.__executed), "nothing was executed").toBeUndefined();
  await expect(page.locator("#app script, #app img, #app iframe")).toHaveCount(0);
  await chooseFile(page, "Trust policy");
  await page.getByRole("tab", { name: "Trust policy", exact: true }).press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Terraform", exact: true })).toBeFocused();
}

test.beforeEach(async ({ context, page }) => {
  await allowClipboard(context);
  page.on("dialog", (dialog) => {
    throw new Error(`a dialog: ${dialog.message()}`);
  });
});

for (const [what, text] of Object.entries(TEXTS)) {
  test(`${what}, in every field and as a token`, async ({ page, site }) => {
    await site.open();
    const fields = await allFields(page);
    const accepted = [];
    for (const { name, input, before } of fields) {
      await put(input, text);
      const isWrong = (await input.getAttribute("aria-invalid")) === "true";
      if (isWrong) {
        const description = await describedBy(input);
        expect(description.length, `${name}: a short message, ${description.slice(0, 80)}`).toBeGreaterThan(20);
        expect(description.length, `${name}: a short message`).toBeLessThan(400);
        await input.fill(before);
        await expect(input, `${name} can be mended`).not.toHaveAttribute("aria-invalid");
      } else {
        accepted.push(name);
      }
    }
    await expect(page.getByText("Something on the left is not right yet.")).toHaveCount(0);
    test.info().annotations.push({ type: "accepted", description: accepted.join(", ") });
    const setup = await setupInAddress(page);
    for (const [title, kind] of [["Trust policy", "trust-policy"], ["Terraform", "terraform"], [".gitlab-ci.yml", "gitlab-ci"]]) {
      await chooseFile(page, title);
      const right = printed(["generate", "-", "--only", kind], setup);
      expect(await shownFile(page).textContent(), title).toBe(right);
      if (kind === "trust-policy") expect(JSON.parse(right).Version).toBe("2012-10-17");
    }
    await expectAlive(page);

    // And as a token, or in one.
    await site.open();
    await paste(page, text);
    await expect(page).toHaveTitle("Unreadable · Claimcheck");
    await expect(page.getByText("This cannot be read as a token")).toBeVisible();
    // In every claim of a token that can be read.
    const job = claimsOfJob();
    const claims = Object.fromEntries(Object.entries(job).map(([name, it]) => [name, typeof it === "string" ? text : it]));
    await paste(page, jwt({ ...claims, iss: job.iss, [text]: text }));
    await expect(page).toHaveTitle("Refused · Claimcheck");
    await allClaims(page);
    await expectAlive(page);
    await paste(page, jwt({ ...claims, iss: job.iss, aud: job.aud }));
    await expect(page).toHaveTitle("Denied · Claimcheck");
    await expectAlive(page);
    await paste(page, JSON.stringify(claims));
    await expect(page).toHaveTitle("Refused · Claimcheck");
    await expectAlive(page);
  });
}

test("a megabyte, in every field", async ({ page, site }) => {
  test.setTimeout(120_000);
  await site.open();
  const fields = await allFields(page);
  for (const { name, input, before } of fields) {
    await test.step(name, async () => {
      await input.fill(MEGABYTE);
      await expect(input, `${name} refuses it`).toHaveAttribute("aria-invalid", "true");
      const description = await describedBy(input);
      expect(description.length, `${name}: a short message`).toBeLessThan(400);
      const began = Date.now();
      await input.press("End");
      await input.press("y");
      await expect(page.getByText("Something on the left is not right yet.")).toBeVisible();
      // A page that hangs would take far longer, on however busy a machine.
      expect(Date.now() - began, `${name}: milliseconds until the next key is answered`).toBeLessThan(20_000);
      await input.fill(before);
      await expect(input).not.toHaveAttribute("aria-invalid");
    });
  }
  await expectAlive(page);
});

const LARGE_TOKENS = {
  "a megabyte of letters": [MEGABYTE, "Unreadable"],
  "a megabyte of dots": [".".repeat(1024 * 1024), "Unreadable"],
  "a megabyte of brackets": ["[".repeat(1024 * 1024), "Unreadable"],
  "an object of brackets": [`{"a":${"[".repeat(512 * 1024)}`, "Unreadable"],
  "a JWT whose payload has a megabyte": [jwt({ ...claimsOfJob(), a: MEGABYTE }), "Refused"],
  "a JWT with a claim of 100 KB": [jwt(claimsOfJob({ ref: "r".repeat(100_000) })), "Refused"],
  "a JWT with a ref of 5 KB": [jwt(claimsOfJob({ ref: "r".repeat(5_000) })), "Denied"],
  "a JWT with two thousand claims": [
    jwt({ ...claimsOfJob({ ref: "dev" }), ...Object.fromEntries(Array.from({ length: 2000 }, (_, at) => [`claim_${at}`, at])) }),
    "Refused",
  ],
  "a JWT with two thousand audiences": [
    jwt(claimsOfJob({ aud: Array.from({ length: 2000 }, (_, at) => `https://${at}.example.com`) })),
    "Refused",
  ],
};

for (const [what, [text, word]] of Object.entries(LARGE_TOKENS)) {
  test(`${what}, as a token`, async ({ page, site }) => {
    await site.open();
    await paste(page, text);
    await expect(page).toHaveTitle(`${word} · Claimcheck`);
    const words = await page.getByRole("region", { name: "Would this token get in?" }).textContent();
    if (word === "Unreadable") expect(words.length, "a short message").toBeLessThan(5_000);
    await expectAlive(page);
    // And typed instead of pasted.
    await page.getByRole("button", { name: "Paste a token" }).click();
    await page.getByRole("textbox", { name: /^A JWT/ }).fill(text.slice(0, 200_000));
    await page.getByRole("button", { name: "Check it" }).click();
    await expect(page.getByRole("textbox", { name: /^A JWT/ })).toHaveCount(0);
    await expectAlive(page);
  });
}

test("a setup file and a link full of markup", async ({ page, site }) => {
  await site.open(linkOf(setupFile("odd-refs")));
  await expect(page).toHaveTitle("Allowed · Claimcheck");
  await expectAlive(page);
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.getByRole("button", { name: "Open…" }).click()]);
  const name = `<img src=x onerror=${EXECUTE}>.json`;
  await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(`{"<b>${EXECUTE}</b>": 1}`) });
  await expect(notice(page, "was not opened: ")).toContainText("<img");
  await expectAlive(page);
  await page.evaluate((hash) => (location.hash = hash), `#<img src=x onerror=${EXECUTE}>`);
  await expect(notice(page, "The address was not opened: ")).toBeVisible();
  await expectAlive(page);
});

test("a link that unpacks to far too much", async ({ page, site }) => {
  const { deflateRawSync } = await import("node:zlib");
  await site.open(`#1.${deflateRawSync(Buffer.alloc(64 * 1024 * 1024, " "), { level: 9 }).toString("base64url")}`);
  await expect(notice(page, "The address was not opened: ")).toContainText("damaged");
  await expectAlive(page);
});
