/**
 * Looks at every screen: `node packages/web/dev/look.ts <folder>` against `vite preview` on 4173.
 * Writes a PNG per screen and width, and prints what axe-core and the console complain about.
 */

import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

const BASE = process.env['VOXKEEP_WEB_URL'] ?? 'http://127.0.0.1:4173';
const folder = process.argv[2] ?? join(import.meta.dirname, '../dist-shots');
const wanted = process.argv[3];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(folder, { recursive: true });

type Screen = [
  name: string,
  user: string | undefined,
  path: string,
  act?: (page: Page) => Promise<void>,
];
const openFirst = async (page: Page) => {
  await page.locator('[data-testid=search-row]').nth(1).click();
  await page.waitForSelector('[data-drawn=true]');
};
const SCREENS: Screen[] = [
  ['sign-in', undefined, '/sign-in'],
  ['setup', undefined, '/setup?token=abc'],
  ['search', 'qa', '/'],
  ['search-text', 'qa', '/?text=退款&tier=core&team=一组&minDurationS=20'],
  ['search-empty', 'qa', '/?text=没有这样的话'],
  ['record', 'qa', '/', openFirst],
  [
    'record-playing',
    'qa',
    '/?issueType=身份核实',
    async (page) => {
      await openFirst(page);
      await page.keyboard.press('Space');
      await page.waitForTimeout(4500);
    },
  ],
  ['record-video', 'qa', '/?channel=video', openFirst],
  ['record-refused', 'qa', '/records/0198c4d2-7a10-7c3e-9b54-0000000030b9'],
  ['help', 'qa', '/', async (page) => page.keyboard.press('?')],
  ['upload', 'operator', '/upload'],
  ['jobs', 'operator', '/jobs?state=quarantined'],
  ['status', 'operator', '/status'],
  ['accounts', 'admin', '/accounts'],
  ['inbox', 'approver', '/access/inbox'],
  ['mine', 'auditor', '/access/mine'],
];

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--headless',
    '--disable-gpu',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
let complaints = 0;
for (const [mode, language] of [
  ['light', 'zh-CN'],
  ['dark', 'en'],
] as const) {
  for (const [name, user, path, act] of SCREENS) {
    if (wanted !== undefined && !name.startsWith(wanted)) continue;
    for (const width of mode === 'light' ? [1280, 1440, 820] : [1280]) {
      const context = await browser.newContext({ viewport: { width, height: 900 } });
      await context.addInitScript(
        (kept) => localStorage.setItem('voxkeep.preferences', kept),
        JSON.stringify({ language, mode }),
      );
      const page = await context.newPage();
      const say = (what: string) => {
        complaints += 1;
        console.log(`${name} ${width} ${mode}: ${what}`);
      };
      page.on('console', (line) => {
        if (line.type() === 'error' && !/status of (401|403|404)/.test(line.text()))
          say(line.text());
      });
      page.on('pageerror', (error) => say(String(error)));
      await context.request.delete(`${BASE}/api/v1/session`);
      if (user !== undefined) {
        await context.request.post(`${BASE}/api/v1/session`, {
          data: { username: user, password: 'x' },
        });
      }
      await page.goto(BASE + path);
      await page.waitForLoadState('networkidle');
      try {
        await act?.(page);
      } catch (error) {
        say(String(error).slice(0, 300));
      }
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `${name}-${width}-${mode}.png`) });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wide > 0) say(`${wide}px wider than the window`);
      // The policy refuses injected tags, so axe comes in through the debugger.
      await page.evaluate(axe);
      const found = await runAxe(page);
      for (const line of found) say(line);
      await context.close();
    }
  }
}
await browser.close();
console.log(complaints === 0 ? 'nothing to complain about' : `${complaints} complaints`);
process.exitCode = complaints === 0 ? 0 : 1;

async function runAxe(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as { axe?: { run: () => Promise<Result> } };
    if (checker === undefined) return ['axe did not load'];
    const { violations } = await checker.run();
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 160))
          .join(' | ')}`,
    );
  });
}

interface Result {
  violations: { id: string; nodes: { html: string }[] }[];
}
