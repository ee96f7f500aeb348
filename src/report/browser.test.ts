import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { reportOf } from './report.ts';
import { badMove, goodMove, type MadeUp } from './testing/made-up.ts';

const executablePath = '/usr/bin/chromium';
const skip = existsSync(executablePath)
  ? false
  : `needs a browser: ${executablePath} (apt-get install chromium)`;
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

test('in a real browser the report says what was counted, asks for nothing, and complains of nothing', {
  skip,
}, async (t) => {
  const { opened } = await browser(t);
  for (const story of [goodMove(), badMove(), hostile()]) {
    const { page, told, asked } = await opened(story);
    assert.deepEqual(asked, [page.url()]);
    assert.equal(await page.title(), `${story.move.app} in test1: mesos to k8s`);
    assert.equal(await page.locator('h1').innerText(), `${story.move.app} in test1`);
    for (const key of ['requests', 'errors'] as const) {
      for (const home of ['mesos', 'k8s']) {
        const shown = await page.locator(`td[data-number="${key}"][data-home="${home}"]`).innerText();
        assert.equal(Number(shown.replaceAll(',', '')), sum(story, key, home), `${key} of ${home}`);
      }
    }
    assert.deepEqual(told, []);
  }
});

for (const width of [400, 1_400]) {
  test(`the report can be read ${width} pixels wide, light and dark`, { skip }, async (t) => {
    const { opened } = await browser(t);
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page } = await opened(goodMove(), { viewport: { width, height: 900 }, colorScheme });
      const seen = await page.evaluate(`({
        over: document.documentElement.scrollWidth - innerWidth,
        smallest: Math.min(...[...document.querySelectorAll('body *')]
          .filter((each) => each.checkVisibility() && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
          .map((each) => parseFloat(getComputedStyle(each).fontSize))),
        charts: [...document.querySelectorAll('.chart svg')].map((each) => {
          const { width, height } = each.getBoundingClientRect();
          return width > innerWidth / 2 && height > 40;
        }),
        ground: getComputedStyle(document.body).backgroundColor,
      })`);
      const { over, smallest, charts, ground } = seen as Seen;
      assert.equal(over, 0, 'it is wider than the window');
      assert.ok(smallest >= 11, `letters of ${smallest} px`);
      assert.ok(charts.length >= 4 && charts.every(Boolean), `charts: ${charts}`);
      assert.equal(ground === 'rgb(20, 23, 26)', colorScheme === 'dark', ground);
    }
  });
}

test('long names push nothing out of a narrow window', { skip }, async (t) => {
  const { opened } = await browser(t);
  const { move, events } = badMove();
  const long = 'a-very-long-name-'.repeat(9);
  const to = `${long}2`;
  const renamed = {
    ...move,
    app: long,
    environment: long,
    to,
    why: long,
    holder: long,
    shares: { [to]: 100 },
  };
  const { page } = await opened({ move: renamed, events }, { viewport: { width: 400, height: 900 } });
  assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
});

test('where the pointer is the chart tells its numbers; without scripts all of them are still there', {
  skip,
}, async (t) => {
  const { opened } = await browser(t);
  const { page } = await opened(goodMove());
  await page.locator('#traffic .hits rect').nth(30).hover();
  await page.locator('#tip').waitFor({ state: 'visible' });
  assert.match(await page.locator('#tip').innerText(), /share 10 %\nmesos: \d+ a second\nk8s: \d+ a second/);
  const plain = await opened(goodMove(), { javaScriptEnabled: false });
  await plain.page.locator('#traffic summary').click();
  assert.ok((await plain.page.locator('#traffic tbody tr').count()) > 100);
  assert.ok(await plain.page.locator('#traffic tbody').isVisible());
});

test('on paper it has all sections and no dark ground', { skip }, async (t) => {
  const { opened } = await browser(t);
  const { page } = await opened(badMove(), { colorScheme: 'dark', viewport: { width: 720, height: 1_000 } });
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.evaluate('getComputedStyle(document.body).backgroundColor'), 'rgb(255, 255, 255)');
  assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0);
  assert.ok((await page.pdf({ format: 'A4' })).length > 20_000);
});

interface Seen {
  readonly over: number;
  readonly smallest: number;
  readonly charts: readonly boolean[];
  readonly ground: string;
}

interface Opened {
  readonly page: Page;
  /** Console lines and errors. */
  readonly told: readonly string[];
  /** Addresses that were asked for. */
  readonly asked: readonly string[];
}

async function browser(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'rehome-report-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const started = await chromium.launch({ executablePath, args });
  t.after(() => started.close());
  return {
    opened: async ({ move, events }: MadeUp, options: BrowserContextOptions = {}): Promise<Opened> => {
      const file = join(folder, 'report.html');
      writeFileSync(file, reportOf(move, events));
      const page = await started.newPage(options);
      const told: string[] = [];
      const asked: string[] = [];
      page.on('console', (message) => told.push(message.text()));
      page.on('pageerror', (error) => told.push(String(error)));
      page.on('dialog', (dialog) => told.push(dialog.message()));
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      return { page, told, asked };
    },
  };
}

/** An app whose name would be a script. */
function hostile(): MadeUp {
  const { move, events } = badMove();
  const name = '<script>alert(1)</script><img src="http://127.0.0.1:1/x" onerror="alert(2)">';
  const acted = events.map((event) => (event.type === 'action' ? { ...event, message: name } : event));
  return { move: { ...move, app: name, why: name }, events: acted };
}

function sum({ events }: MadeUp, key: 'requests' | 'errors', home: string): number {
  return events
    .flatMap((event) => (event.type === 'figures' ? event.homes : []))
    .filter((each) => each.home === home)
    .reduce((total, each) => total + each[key], 0);
}
