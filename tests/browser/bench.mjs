//! Measures the built page in Chromium. Called by `cargo xtask bench`, which serves the pages and reads the answer.
//!
//! `node bench.mjs first-usable-page QUESTION` and `node bench.mjs key-press QUESTION`, QUESTION being JSON. The answer is
//! JSON on standard output: lists of milliseconds, or `{ "missing": why }`. Progress goes to standard error.

import { chromium as browserType } from "@playwright/test";

import { chromium } from "./fixtures/chromium.mjs";

const CPU_SLOWDOWN = 4;
/** Slow 4G as Chromium's developer tools define it, with the round trip as the latency of each request. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };

const MEASUREMENTS = { "first-usable-page": firstUsablePage, "key-press": keyPress };

const [name, question] = process.argv.slice(2);
const browser = await browserType.launch(chromium);
try {
  console.log(JSON.stringify(await MEASUREMENTS[name](JSON.parse(question))));
} finally {
  await browser.close();
}

/** Both pages by turns, so that whatever else the machine does hits both; the first turn warms up and is not counted. */
async function firstUsablePage({ runs, page, empty }) {
  const answer = { page: [], page_first_paint: [], empty: [] };
  for (let run = 0; run <= runs; run += 1) {
    const [ours, theirs] = [await visit(page), await visit(empty)];
    for (const [visited, { url, ready }] of [[ours, page], [theirs, empty]]) {
      if (visited === null) return { missing: `nothing matches \`${ready}\` within 60 seconds at ${url}` };
    }
    console.error(`  ${run === 0 ? "warm-up" : `run ${run}`}: ${seconds(ours.usable)}, empty page ${seconds(theirs.usable)}`);
    if (run === 0) continue;
    answer.page.push(ours.usable);
    answer.page_first_paint.push(ours.firstPaint);
    answer.empty.push(theirs.usable);
  }
  return answer;
}

/** One visit in a browser context of its own, so with an empty cache. */
async function visit({ url, ready }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  try {
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", SLOW_4G);
    await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
    await page.addInitScript((selector) => {
      globalThis.__usable = new Promise((done) => {
        const look = () => {
          if (document.querySelector(selector) === null) return;
          observer.disconnect();
          // A message sent from a frame's callback arrives when that frame has been painted.
          requestAnimationFrame(() => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = () => done(performance.now());
            port2.postMessage(null);
          });
        };
        const observer = new MutationObserver(look);
        observer.observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-ready"] });
      });
    }, ready);
    await page.goto(url, { waitUntil: "commit" });
    const late = new Promise((done) => setTimeout(done, 60_000, null).unref());
    const usable = await Promise.race([page.evaluate(() => globalThis.__usable), late]);
    if (usable === null) return null;
    const firstPaint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null);
    return { usable, firstPaint: firstPaint ?? usable };
  } finally {
    await context.close();
  }
}

/** Letters are typed at the end of the field and taken away again, so that each press changes every file. */
async function keyPress({ url, ready, field, presses }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 960 } });
  const page = await context.newPage();
  await page.goto(url);
  const input = page.locator(field).first();
  for (const [what, locator] of [[ready, page.locator(ready)], [field, input]]) {
    const found = await locator.waitFor({ state: "attached", timeout: 10_000 }).then(() => true, () => false);
    if (!found) return { missing: `nothing matches \`${what}\` on the page` };
  }
  await input.focus();
  await page.keyboard.press("End");

  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: CPU_SLOWDOWN });
  const tracing = await browser.newBrowserCDPSession();
  const warmUp = 20;
  await type(page, warmUp);
  const includedCategories = ["devtools.timeline", "disabled-by-default-devtools.timeline"];
  await tracing.send("Tracing.start", { transferMode: "ReturnAsStream", traceConfig: { includedCategories } });
  await type(page, presses);
  const { stream } = await new Promise((done) => {
    tracing.once("Tracing.tracingComplete", done);
    tracing.send("Tracing.end");
  });
  const before = await input.inputValue();
  await page.keyboard.press("x");
  if ((await input.inputValue()) !== `${before}x`) return { missing: "the field does not keep what is typed into it" };
  return workOfKeys(JSON.parse(await read(tracing, stream)).traceEvents, presses);
}

async function type(page, presses) {
  for (let press = 0; press < presses; press += 1) {
    const key = press % 20 < 10 ? "abcdefghij"[press % 10] : "Backspace";
    await page.keyboard.press(key);
    // Long enough for the frame, and never in step with the screen's refresh.
    await page.waitForTimeout(100 + (press % 7) * 3);
    if (press % 50 === 49) console.error(`  ${press + 1} of ${presses} key presses`);
  }
}

/** A trace is handed over in pieces. */
async function read(session, handle) {
  let text = "";
  for (;;) {
    const { data, eof, base64Encoded } = await session.send("IO.read", { handle, size: 1 << 20 });
    text += base64Encoded ? Buffer.from(data, "base64").toString("utf8") : data;
    if (eof) return text;
  }
}

/**
 * For each key: the sum of the main thread's tasks from the dispatch of `keydown` to the end of the task in which the
 * frame after `input` was committed; the time between those two moments; and the tasks until the next key.
 */
function workOfKeys(events, presses) {
  const dispatched = (type) => (event) => event.name === "EventDispatch" && event.args?.data?.type === type;
  const keys = events.filter(dispatched("keydown")).sort((a, b) => a.ts - b.ts);
  if (keys.length !== presses) throw new Error(`the trace has ${keys.length} of ${presses} key presses`);
  const onMain = events.filter(({ pid, tid }) => pid === keys[0].pid && tid === keys[0].tid).sort((a, b) => a.ts - b.ts);
  const end = ({ ts, dur }) => ts + (dur ?? 0);
  const tasks = onMain.filter(({ name, dur }) => name === "RunTask" && dur !== undefined);
  const inputs = onMain.filter(dispatched("input"));
  const commits = onMain.filter(({ name }) => name === "Commit");
  if (tasks.length === 0 || commits.length === 0) throw new Error("the trace has no tasks or no frames: its format has changed");

  const busy = (from, to) =>
    tasks.reduce((sum, task) => sum + Math.max(0, Math.min(end(task), to) - Math.max(task.ts, from)), 0) / 1000;
  const answer = { work: [], elapsed: [], until_next: [] };
  keys.forEach((key, index) => {
    const next = keys[index + 1]?.ts ?? onMain.at(-1).ts;
    const input = inputs.find(({ ts }) => ts >= key.ts && ts < next);
    if (input === undefined) throw new Error(`key press ${index} caused no input event`);
    const commit = commits.find(({ ts }) => ts >= end(input) && ts < next);
    if (commit === undefined) throw new Error(`key press ${index} caused no frame before the next`);
    const task = tasks.find((task) => task.ts <= commit.ts && end(task) >= end(commit)) ?? commit;
    answer.work.push(busy(key.ts, end(task)));
    answer.elapsed.push((end(task) - key.ts) / 1000);
    answer.until_next.push(busy(key.ts, next));
  });
  return answer;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
