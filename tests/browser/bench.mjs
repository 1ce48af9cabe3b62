//! Measures the built page in Chromium. Called by `cargo xtask bench`, which serves the pages and reads the answer.
//!
//! `node bench.mjs first-usable-page QUESTION` and `node bench.mjs key-press QUESTION`, QUESTION being JSON. The answer is
//! JSON on standard output: lists of milliseconds, or `{ "missing": why }`. Progress goes to standard error.

import { chromium as browserType } from "@playwright/test";

import { chromium } from "./fixtures/chromium.mjs";

const CPU_SLOWDOWN = 4;
const WARM_UP_PRESSES = 20;
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

/**
 * The page with the processor slowed down by `slowdown`, and shorter rounds to read it by: a bare text field, which is what the
 * browser itself needs, and both without the slowdown, which on a busy machine is uneven.
 */
async function keyPress({ url, ready, field, presses, slowdown, text, after }) {
  const page = { url, ready, field, text, after };
  const bare = { url: "data:text/html,<!doctype html><input>", ready: "input", field: "input" };
  const answer = await pressKeys({ ...page, presses, slowdown });
  if (answer.missing !== undefined) return answer;
  const few = Math.ceil(presses / 3);
  const rounds = slowdown === 1 ? [["bare", bare, 1]] : [["bare", bare, slowdown], ["unslowed", page, 1], ["bare_unslowed", bare, 1]];
  for (const [name, where, slowdown] of rounds) answer[name] = (await pressKeys({ ...where, presses: few, slowdown })).work;
  return answer;
}

/**
 * Letters are typed at the end of the field, or behind `after` of the `text` that is put there before, and taken away again, so
 * that each press changes what is derived of it.
 */
async function pressKeys({ url, ready, field, presses, slowdown, text, after }) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 960 } });
  const page = await context.newPage();
  await page.goto(url);
  const input = page.locator(field).first();
  for (const [what, locator] of [[ready, page.locator(ready)], [field, input]]) {
    const found = await locator.waitFor({ state: "attached", timeout: 10_000 }).then(() => true, () => false);
    if (!found) return { missing: `nothing matches \`${what}\` on the page` };
  }
  await input.focus();
  if (text) {
    await input.evaluate((it) => it.select());
    await page.keyboard.insertText(text);
    await input.evaluate((it, place) => it.setSelectionRange(place, place), text.indexOf(after) + after.length);
  } else {
    await page.keyboard.press("End");
  }
  const [before, place] = await input.evaluate((it) => [it.value, it.selectionStart]);
  await page.keyboard.press("x");
  const typed = `${before.slice(0, place)}x${before.slice(place)}`;
  if ((await input.inputValue()) !== typed) return { missing: "the field does not keep what is typed into it" };
  await page.keyboard.press("Backspace");

  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  const tracing = await browser.newBrowserCDPSession();
  await type(page, WARM_UP_PRESSES);
  const includedCategories = ["devtools.timeline", "disabled-by-default-devtools.timeline"];
  await tracing.send("Tracing.start", { transferMode: "ReturnAsStream", traceConfig: { includedCategories } });
  await type(page, presses);
  const { stream } = await new Promise((done) => {
    tracing.once("Tracing.tracingComplete", done);
    tracing.send("Tracing.end");
  });
  const { traceEvents } = JSON.parse(await read(tracing, stream));
  await context.close();
  return workOfKeys(traceEvents, presses);
}

async function type(page, presses) {
  for (let press = 0; press < presses; press += 1) {
    const key = press % 20 < 10 ? "abcdefghij"[press % 10] : "Backspace";
    await page.keyboard.press(key);
    // Long enough for the frame, and never in step with the screen's refresh.
    await page.waitForTimeout(100 + (press % 7) * 3);
    if (press % 100 === 99) console.error(`  ${press + 1} of ${presses} key presses`);
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
 * For each key, in milliseconds: `work`, the processor time of the main thread from the dispatch of `keydown` to the end
 * of the task that commits the frame after `input`; `elapsed`, the time on the clock between those two moments;
 * `until_next`, the main thread's processor time up to the next key.
 *
 * Processor time, because other programs on the machine would otherwise count. The browser slows a thread down by making
 * it work for nothing, so the slowdown is in it.
 */
function workOfKeys(events, presses) {
  const dispatched = (type) => (event) => event.name === "EventDispatch" && event.args?.data?.type === type;
  const keys = events.filter(dispatched("keydown")).sort((a, b) => a.ts - b.ts);
  if (keys.length !== presses) throw new Error(`the trace has ${keys.length} of ${presses} key presses`);
  const onMain = events.filter(({ pid, tid }) => pid === keys[0].pid && tid === keys[0].tid).sort((a, b) => a.ts - b.ts);
  const end = ({ ts, dur }) => ts + dur;
  const tasks = onMain.filter(({ name, ph }) => name === "RunTask" && ph === "X");
  const inputs = onMain.filter(dispatched("input"));
  const commits = onMain.filter(({ name, ph }) => name === "Commit" && ph === "X");
  if (tasks.length === 0 || commits.length === 0) {
    throw new Error(`the trace has ${tasks.length} tasks and ${commits.length} frames: its format has changed`);
  }
  const timed = ({ tts, tdur }) => Number.isFinite(tts) && Number.isFinite(tdur);
  const untimed = tasks.filter((task) => !timed(task)).length;
  if (untimed > tasks.length / 100) throw new Error(`${untimed} of ${tasks.length} tasks have no processor time`);
  // Now and then Chromium leaves the processor time of a task out; the clock's is never less.
  const spent = (task) => (timed(task) ? task.tdur : task.dur);
  const sinceStart = (key, task) => (timed(task) && Number.isFinite(key.tts) ? key.tts - task.tts : key.ts - task.ts);

  const around = ({ ts }) => tasks.find((task) => task.ts <= ts && end(task) > ts);
  const answer = { work: [], elapsed: [], until_next: [] };
  keys.forEach((key, index) => {
    const next = keys[index + 1]?.ts ?? Infinity;
    const input = inputs.find(({ ts }) => ts >= key.ts && ts < next);
    if (input === undefined) throw new Error(`key press ${index + 1} caused no input event`);
    const commit = commits.find(({ ts }) => ts >= end(input) && ts < next);
    if (commit === undefined) throw new Error(`key press ${index + 1} caused no frame before the next`);
    const [first, last] = [around(key), around(commit)];
    if (first === undefined || last === undefined) throw new Error(`key press ${index + 1} is outside all tasks`);
    // The task that dispatches the key began before it: that part is the browser's.
    const sum = (chosen) => (chosen.reduce((sum, task) => sum + spent(task), 0) - sinceStart(key, first)) / 1000;
    const since = tasks.filter((task) => task.ts >= first.ts);
    answer.work.push(sum(since.filter((task) => task.ts <= last.ts)));
    answer.elapsed.push((end(last) - key.ts) / 1000);
    answer.until_next.push(sum(since.filter((task) => task === first || end(task) < next)));
  });
  return answer;
}

function seconds(milliseconds) {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}
