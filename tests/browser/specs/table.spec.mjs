//! The table of tests: every sample token against every role, and what is said of each is what is said when it is looked at.
//!
//! For each setup file of the repository and each of its roles: all cells are as expected; pressing a row chooses that sample; the
//! verdict and the way of the token agree with the cell; and the native command, given the claims that stand on the ticket and the
//! file that stands beside it, answers the same at the same stage.

import { claimcheck, expect, test } from "../fixtures/test.mjs";
import { allClaims, linkOf, role, setupFile, setupNames, shownFile, verdict } from "../fixtures/person.mjs";

const STAGES = { Token: "token", Provider: "provider", Time: "time", Audience: "audience", "Trust policy": "trust-policy", Credentials: "credentials" };

/** What stands on the page: the rows of the table, what is chosen, where the token's way ended, and the claims on the ticket. */
function look(page) {
  return page.evaluate(() => {
    const texts = (selector) => [...document.querySelectorAll(selector)].map((it) => it.textContent);
    const table = document.querySelector('table[aria-label="Sample tokens against each role"]');
    const rows = [...table.querySelectorAll("tbody tr")].map((row) => ({
      title: row.querySelector("button").textContent,
      isPressed: row.querySelector("button").getAttribute("aria-pressed") === "true",
      cells: [...row.querySelectorAll("td")].map((it) => it.textContent),
    }));
    return {
      rows,
      inMenu: document.querySelector('select[aria-label="Token"]').selectedOptions[0].textContent,
      ended: texts('[aria-label="The way of the token"] li').filter((it) => it.includes("it ended here")),
      claims: [...document.querySelectorAll('[aria-label="Token"] dt')].map((it) => [it.textContent, it.nextElementSibling.textContent]),
      says: document.querySelector("#check").textContent,
    };
  });
}

/** The token on the ticket, put together again from the claims that stand there. */
function tokenOf(claims) {
  const known = claims.filter(([name]) => name !== "expires");
  return Object.fromEntries(
    known.map(([name, value]) => {
      if (["iat", "nbf", "exp"].includes(name)) return [name, Number.parseInt(value, 10)];
      return [name, value.startsWith("[") || value.startsWith("{") ? JSON.parse(value) : value];
    }),
  );
}

for (const name of setupNames()) {
  test(`the samples of ${name} are as expected, and so is each verdict`, async ({ page, site }) => {
    test.slow(["several-roles", "odd-refs", "custom-subject"].includes(name), "many roles, scopes or components");
    const text = setupFile(name);
    const setup = JSON.parse(text);
    await site.open(linkOf(text));
    const table = page.getByRole("table", { name: "Sample tokens against each role" });
    const cases = [];
    await allClaims(page);
    for (const [column, { name: roleName }] of setup.roles.entries()) {
      await role(page, roleName).locator("xpath=..").click();
      await expect(role(page, roleName)).toBeChecked();
      const policy = JSON.parse(await shownFile(page).textContent());

      const count = await page.getByText(/^\d+ of \d+ as expected$/).textContent();
      const [, expected, all] = count.match(/(\d+) of (\d+)/).map(Number);
      expect(all).toBeGreaterThan(0);
      expect(expected, count).toBe(all);

      const { rows } = await look(page);
      expect(rows.length).toBeGreaterThan(10);
      for (const { title, cells } of rows) {
        await table.getByRole("button", { name: title, exact: true }).click();
        const isAbsent = cells.length === 1 && !/^[✓✕?]/.test(cells[0]);
        const isAllowed = !isAbsent && cells[column].includes("allowed");
        if (!isAbsent && !isAllowed) expect(cells[column], title).toContain("denied");
        await expect(page, title).toHaveTitle(isAbsent ? "No token · Claimcheck" : isAllowed ? "Allowed · Claimcheck" : /^(Denied|Refused) · /);
        const now = await look(page);
        expect(now.rows.filter((it) => it.isPressed).map((it) => it.title)).toEqual([title]);
        expect(now.inMenu).toBe(title);
        if (isAbsent) {
          // The row says why there is none, and so does the answer.
          expect(now.says).toContain(`There is no such token: ${cells[0]}.`);
          continue;
        }
        expect(now.ended, title).toHaveLength(isAllowed ? 0 : 1);
        const stage = isAllowed ? "credentials" : STAGES[now.ended[0].split(":")[0]];
        cases.push({ of: `${title}, ${roleName}`, isAllowed, stage, policy, token: tokenOf(now.claims) });
      }
    }

    const url = setup.gitlab?.url ?? "https://gitlab.com";
    const lines = cases.map(({ policy, token }, id) =>
      JSON.stringify({
        id, policy, token, now: Math.floor(Date.now() / 1000), account: setup.aws.account_id,
        audiences: [setup.gitlab?.audience ?? url], providers: [setup.gitlab?.issuer ?? url],
      }),
    );
    const { stdout, stderr } = claimcheck(["check", "--cases", "-", "--format", "json"], `${lines.join("\n")}\n`);
    const answers = stdout.trim().split("\n").map((line) => JSON.parse(line));
    expect(answers.length, stderr).toBe(cases.length);
    const told = (it) => `${it.of}: ${it.isAllowed ? "allowed" : `not allowed, ${it.stage}`}`;
    expect(answers.map((it, at) => told({ of: cases[at].of, isAllowed: it.allowed, stage: it.stage }))).toEqual(cases.map(told));
  });
}

test("a row can be pressed anywhere", async ({ page, site }) => {
  await site.open();
  const row = page.getByRole("row", { name: /A project in another group/ });
  await row.getByRole("cell").click();
  await expect(row.getByRole("button")).toHaveAttribute("aria-pressed", "true");
  await expect(page).toHaveTitle("Denied · Claimcheck");
});

test("the samples can be chosen from the menu too", async ({ page, site }) => {
  await site.open();
  await page.getByRole("combobox", { name: "Token" }).selectOption({ label: "An expired token" });
  await expect(page).toHaveTitle("Refused · Claimcheck");
  await expect(verdict(page).ended).toContainText("Time");
  await expect(page.getByRole("button", { name: "An expired token" })).toHaveAttribute("aria-pressed", "true");
});
