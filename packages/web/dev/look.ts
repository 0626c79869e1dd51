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
const press =
  (...keys: string[]) =>
  async (page: Page) => {
    await page.waitForSelector('[data-testid=search-row], [data-testid=inbox-row]');
    for (const key of keys) {
      await page.keyboard.press(key);
      await page.waitForTimeout(120);
    }
  };
/** The window becomes as high as the page. */
const whole = async (page: Page) => {
  const height = await page.evaluate(() => document.querySelector('main')?.scrollHeight ?? 900);
  const { width } = page.viewportSize() ?? { width: 1280 };
  await page.setViewportSize({ width, height: height + 96 });
  await page.waitForTimeout(600);
};
/** The page once more, with this answer about the drills. */
const drillsAnswer = (status: number, code: string) => async (page: Page) => {
  const problem = {
    type: 'about:blank',
    title: code,
    status,
    detail: code,
    code,
    requestId: 'r-1',
  };
  await page.route('**/api/v1/drills', (route) => route.fulfill({ status, json: problem }));
  await page.reload();
  await page.waitForTimeout(status === 403 ? 600 : 9000);
  await whole(page);
};
/** Ten thousand entries, as when somebody scrolls to the very end. */
const loadAll = async (page: Page) => {
  const body = page.locator('.results-body');
  for (let at = 0; at < 90; at += 1) {
    await body.evaluate((box) => box.scrollTo(0, box.scrollHeight));
    await page.waitForTimeout(40);
  }
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
  ['notices', 'qa', '/', async (page) => page.keyboard.press('n')],
  ['notices-empty', 'agent', '/', async (page) => page.keyboard.press('n')],
  ['notices-failed', 'analyst', '/', async (page) => page.keyboard.press('n')],
  ['settings', 'qa', '/settings'],
  ['help', 'qa', '/', async (page) => page.keyboard.press('?')],
  ['upload', 'operator', '/upload'],
  ['jobs', 'operator', '/jobs?state=quarantined'],
  ['sites', 'operator', '/sites'],
  ['sites-whole', 'operator', '/sites?range=month', whole],
  ['sites-young', 'auditor', '/sites', whole],
  ['sites-refused', 'compliance', '/sites'],
  [
    'sites-confirm',
    'operator',
    '/sites',
    async (page) => page.getByTestId('begin-hq-deep').click(),
  ],
  [
    'recovery-open',
    'operator',
    '/sites',
    async (page) => {
      for (const at of [0, 1, 4]) await page.locator('.drill-open').nth(at).click();
      await whole(page);
    },
  ],
  ['recovery-sound', 'admin', '/sites', whole],
  ['recovery-failed', 'operator', '/sites', drillsAnswer(503, 'NOT_READY')],
  ['recovery-refused', 'operator', '/sites', drillsAnswer(403, 'FORBIDDEN')],
  [
    'recovery-begin',
    'operator',
    '/sites',
    async (page) => {
      await page.getByTestId('begin-drill').click();
      await page
        .getByText('全量', { exact: true })
        .or(page.getByText('Whole', { exact: true }))
        .last()
        .click();
    },
  ],
  [
    'recovery-running',
    'operator',
    '/sites',
    async (page) => {
      await page.getByTestId('begin-drill').click();
      await page.getByTestId('drill-confirm').click();
      await page.waitForTimeout(5000);
      await page.getByTestId('site-recovery').scrollIntoViewIfNeeded();
    },
  ],
  ['status', 'operator', '/status'],
  ['accounts', 'admin', '/accounts'],
  [
    'accounts-sessions',
    'admin',
    '/accounts',
    async (page) => {
      await page.getByTestId('account-more-qa01').click();
      await page.getByRole('menuitem').first().click();
      await page.getByTestId('sessions').waitFor();
    },
  ],
  ['accounts-key', 'admin', '/accounts', async (page) => page.getByTestId('issue-key').click()],
  ['sign-in-refused', undefined, '/sign-in?refused=IDENTITY_UNMAPPED'],
  ['inbox', 'approver', '/access/inbox'],
  ['inbox-sign', 'approver', '/access/inbox', press('j', 'j', 'a')],
  ['inbox-reject', 'approver', '/access/inbox', press('j', 'j', 'r')],
  ['inbox-review', 'approver', '/access/inbox', press('j', 'a')],
  ['inbox-refused', 'approver', '/access/inbox', press('j', 'j', 'j', 'j', 'j')],
  ['requests', 'compliance', '/access/requests'],
  [
    'request',
    'auditor',
    '/access/mine',
    async (page) => page.getByTestId('my-request').nth(1).click(),
  ],
  ['mine', 'auditor', '/access/mine'],
  ['mine-empty', 'agent', '/access/mine'],
  ['record-granted', 'auditor', '/records/0198c4d2-7a10-7c3e-9b54-0000000030bf'],
  ['choosing', 'auditor', '/?tier=core', press('j', 'x', 'j', 'j', 'x')],
  [
    'ask',
    'auditor',
    '/?tier=core',
    async (page) => {
      await press('j', 'x', 'j', 'j', 'x')(page);
      await page.getByTestId('ask-chosen').click();
      await page.getByTestId('ask-submit').click();
    },
  ],
  ['ask-whole', 'auditor', '/access/ask?whole=1&tier=sensitive&text=退款'],
  ['break-glass', 'qa', '/access/break-glass?record=0198c4d2-7a10-7c3e-9b54-0000000030b7'],
  ['mandates', 'regulator', '/access/mandates'],
  ['mandate-new', 'compliance', '/access/mandates/new'],
  ['passkeys', 'approver', '/settings'],
  ['enrolments', 'compliance', '/access/passkeys'],
  [
    'enrol-confirm',
    'compliance',
    '/access/passkeys',
    async (page) => page.getByTestId('passkey-confirm').first().click(),
  ],
  ['ledger', 'auditor', '/ledger', loadAll],
  [
    'ledger-entry',
    'auditor',
    '/ledger?outcome=refused',
    async (page) => {
      await page.getByTestId('ledger-row').nth(2).click();
      await page.getByTestId('proof-signed').waitFor();
    },
  ],
  ['ledger-empty', 'compliance', '/ledger?actor=nobody'],
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
        if (line.type() === 'error' && !/status of (401|403|404|503)/.test(line.text()))
          say(line.text());
      });
      page.on('pageerror', (error) => say(String(error)));
      await context.request.delete(`${BASE}/api/v1/session`);
      if (user !== undefined) {
        await context.request.post(`${BASE}/api/v1/session`, {
          data: { username: user, password: 'x' },
        });
      }
      try {
        await page.goto(BASE + path);
        // A page that asks again and again, on a busy machine, is never quiet.
        await page.waitForLoadState('networkidle', { timeout: 10_000 }).catch(() => undefined);
        await act?.(page);
        await page.waitForTimeout(500);
        await examine(page, join(folder, `${name}-${width}-${mode}.png`), say);
      } catch (error) {
        say(String(error).slice(0, 300));
      }
      // An answer of ours that is still under way would end the whole walk with its error.
      await page.unrouteAll({ behavior: 'ignoreErrors' });
      await context.close();
    }
  }
}
await browser.close();
console.log(complaints === 0 ? 'nothing to complain about' : `${complaints} complaints`);
process.exitCode = complaints === 0 ? 0 : 1;

async function examine(page: Page, file: string, say: (what: string) => void): Promise<void> {
  await page.screenshot({ path: file });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) say(`${wide}px wider than the window`);
  // The policy refuses injected tags, so axe comes in through the debugger.
  await page.evaluate(axe);
  for (const line of await runAxe(page)) say(line);
}

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
