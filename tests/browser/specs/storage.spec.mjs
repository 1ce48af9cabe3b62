//! The list of stored things would notice each of them: shown on the page itself, which stores none.

import { expect, test } from "../fixtures/test.mjs";
import { storedThings } from "../fixtures/storage.mjs";

test("each kind of storage is seen, and can be emptied again", async ({ page, site, context }) => {
  await site.open();
  await page.evaluate(async () => {
    localStorage.setItem("a", "1");
    sessionStorage.setItem("b", "1");
    document.cookie = "c=1";
    await caches.open("d");
    await new Promise((done) => (indexedDB.open("e").onsuccess = ({ target }) => done(target.result.close())));
    await (await navigator.storage.getDirectory()).getFileHandle("f", { create: true });
  });
  expect(await storedThings(page, context)).toEqual([
    "cookie c",
    "localStorage a",
    "sessionStorage b",
    "IndexedDB e",
    "Cache storage d",
    "private file f",
  ]);
  await page.evaluate(async () => {
    localStorage.clear();
    sessionStorage.clear();
    await caches.delete("d");
    await new Promise((done) => (indexedDB.deleteDatabase("e").onsuccess = done));
    await (await navigator.storage.getDirectory()).removeEntry("f");
  });
  await context.clearCookies();
});
