//! Nothing leaves: what the policy of the page forbids is really stopped, and the watching really sees.
//!
//! That no request leaves and nothing is stored is verified after every test of every spec. These tests show that the
//! policy stops what a fault in the page could try, by the log of a second server, and that the verification would notice.

import { serve } from "../fixtures/server.mjs";
import { expect, test as base } from "../fixtures/test.mjs";

const test = base.extend({
  /** Another host, which has to stay alone. */
  stranger: async ({}, use) => {
    const stranger = await serve();
    await use(stranger);
    await stranger.close();
    expect(stranger.log, "what reached the other host").toEqual([]);
  },
});

/** Each way to send something, and the directive that stops it. */
const WAYS = [
  ["fetch", "connect-src", (url) => fetch(url, { method: "POST", body: "secret" }).catch(() => {})],
  ["beacon", "connect-src", (url) => navigator.sendBeacon(url, "secret")],
  ["websocket", "connect-src", (url) => void new WebSocket(url.replace("http", "ws"))],
  ["picture", "img-src", (url) => void (new Image().src = url)],
  ["frame", "frame-src", (url) => void document.body.appendChild(document.createElement("iframe")).setAttribute("src", url)],
  ["script", "script-src-elem|require-trusted-types-for", (url) => {
    const script = document.createElement("script");
    script.setAttribute("src", url);
    document.body.appendChild(script);
  }],
  ["style sheet", "style-src-elem", (url) => {
    document.body.appendChild(Object.assign(document.createElement("link"), { rel: "stylesheet", href: url }));
  }],
  ["font", "font-src", (url) => new FontFace("f", `url(${url})`).load().catch(() => {})],
  ["form", "form-action", (url) => {
    document.body.appendChild(Object.assign(document.createElement("form"), { action: url, method: "post" })).submit();
  }],
];

for (const [name, directive, send] of WAYS) {
  test(`the policy stops a ${name} to another host`, async ({ page, site, stranger }) => {
    await site.open();
    site.expectProblem(new RegExp(`content security policy: (${directive}) `));
    // What the browser says of it besides, and an attempt that it announces before it stops it.
    site.tolerateProblem(/console: /);
    site.tolerateProblem(/uncaught: /);
    site.tolerateProblem(/websocket: /);
    site.tolerateProblem(new RegExp(`request after load: (GET|POST) ${stranger.origin}`));
    await page.evaluate(send, stranger.address).catch((error) => expect(String(error)).toMatch(/Trusted|Content Security Policy/));
    await page.waitForTimeout(200);
  });
}

test("the policy stops markup made of text", async ({ page, site }) => {
  await site.open();
  site.expectProblem(/content security policy: require-trusted-types-for /);
  site.tolerateProblem(/console: /);
  const outcome = await page.evaluate(() => {
    try {
      document.createElement("div").innerHTML = "<b>text</b>";
      return "made";
    } catch {
      return "stopped";
    }
  });
  expect(outcome).toBe("stopped");
});

test("the policy stops scripts and styles that stand in the page", async ({ page, site }) => {
  await site.open();
  site.expectProblem(/content security policy: style-src-attr /);
  site.expectProblem(/content security policy: style-src-elem /);
  site.tolerateProblem(/console: /);
  await page.evaluate(() => {
    document.body.setAttribute("style", "color: red");
    document.body.appendChild(document.createElement("style")).append("body { color: red }");
  });
  expect(await page.evaluate(() => getComputedStyle(document.body).color)).not.toBe("rgb(255, 0, 0)");
});

test("a request of the page itself after load is seen", async ({ page, site }) => {
  await site.open();
  site.expectProblem(/request after load: GET .*styles/);
  await page.evaluate(() => fetch(document.querySelector('link[href*="styles"]').href));
});

test("the address has no query and the page no referrer", async ({ page, site }) => {
  await site.open();
  expect(await page.evaluate(() => document.referrer)).toBe("");
  expect(new URL(page.url()).search).toBe("");
});
