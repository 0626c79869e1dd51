import { gzipSync } from 'node:zlib';
import type { SearchResult } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, ask, type Stage } from '../stage.ts';

/** Path, who looks at it, and what is there once it is drawn. */
const PAGES: [name: string, user: string | undefined, path: string, drawn: string][] = [
  ['sign-in', undefined, '/sign-in', '[data-testid=sign-in-username]'],
  ['set-up', undefined, '/setup?token=abc', 'form'],
  ['search', 'qa', '/', '[data-testid=search-row]'],
  ['nothing found', 'qa', '/?text=没有人说过这句话', '[data-testid=search-empty]'],
  ['record', 'qa', '/records/$id', '[data-drawn=true]'],
  ['record without content', 'compliance', '/records/$id', '[data-testid=transcript-refused]'],
  ['refused record', 'agent001', '/records/$id', '[data-testid=refusal]'],
  ['settings', 'qa', '/settings', '[data-testid=second-factor]'],
  ['upload', 'operator', '/upload', '[data-testid=upload-submit]'],
  ['jobs', 'operator', '/jobs', '[data-testid=jobs-table] .ant-table-row'],
  ['storage', 'operator', '/sites', '[data-testid=site-history] [data-drawn=true]'],
  ['status', 'operator', '/status', '[data-testid=unwitnessed]'],
  ['accounts', 'admin', '/accounts', '[data-testid=accounts-table] .ant-table-row'],
  ['approvals', 'approver1', '/access/inbox', '.inbox, .page-empty'],
  ['own access', 'auditor', '/access/mine', '.grants, .grants-none'],
  ['request', 'auditor', '/access/ask?record=$id', '[data-testid=ask-submit]'],
  ['request for a search', 'auditor', '/access/ask?whole=1&tier=core', '[data-testid=asked-count]'],
  ['requests', 'compliance', '/access/requests', 'h1'],
  ['mandates', 'regulator', '/access/mandates', 'h1'],
  ['new mandate', 'compliance', '/access/mandates/new', '[data-testid=mandate-submit]'],
  ['enrolments', 'admin', '/access/passkeys', 'h1'],
  ['disposals', 'compliance', '/compliance/disposals', '[data-testid=due]'],
  ['requests of persons', 'compliance', '/compliance/requests', '[data-testid=closures] p'],
  ['ledger', 'auditor', '/ledger', '[data-testid=ledger-row]'],
  ['compliance', 'compliance', '/compliance', '[data-testid=figure-rules]'],
  ['refused compliance', 'qa', '/compliance', '[data-testid=refusal]'],
  ['retention rules', 'compliance', '/compliance/rules', '[data-testid=rule]'],
  ['change of rules', 'compliance', '/compliance/rules/edit', '[data-testid=rules-text]'],
  ['holds', 'auditor', '/compliance/holds?state=all', '[data-testid=holds], .page-empty'],
  ['new hold', 'compliance', '/compliance/holds/new?tier=core', '[data-testid=held-reach]'],
  [
    'engagements',
    'compliance',
    '/compliance/engagements',
    '[data-testid=engagements], [data-testid=engagements-empty]',
  ],
  ['role without a page', 'reviewer', '/', '[data-testid=role-home]'],
  ['no such page', 'qa', '/nowhere', 'h1'],
];
const WIDTHS = [1440, 1280, 820];
/** Scripts and styles of the first page, compressed. */
const MOST_FIRST_BYTES = 250_000;

/** What holds on every page: for everyone, in both themes, at every width, in both languages. */
export function pageFlows(stage: () => Stage): void {
  test.each(PAGES)(
    'axe finds nothing on the page “%s” in either theme, and nothing sticks out at any width',
    async (_, user, path, drawn) => {
      const page = user === undefined ? await stage().anyone() : await stage().deskOf(user);
      await page.goto(stage().url + path.replace('$id', await coreId()));
      await page.locator(drawn).first().waitFor();
      await page.waitForLoadState('networkidle');
      // Whichever it begins in, the other one is a click away.
      const begun = await page.locator('html').getAttribute('data-mode');
      for (const mode of begun === 'dark' ? ['dark', 'light'] : ['light', 'dark']) {
        if (mode !== begun) await switchTo(page, mode);
        await page.locator(`html[data-mode=${mode}]`).waitFor();
        const rules = mode === begun ? 'all' : 'colour';
        expect(await accessFaults(page, rules), mode).toEqual([]);
      }
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect(await overhang(page), `${width} px`).toBeLessThanOrEqual(0);
      }
    },
  );

  /** A core record that every reader of these tests may at least ask for. */
  let known: string | undefined;
  async function coreId(): Promise<string> {
    if (known !== undefined) return known;
    const page = await stage().signedIn('qa', '/settings');
    const { json } = await ask<SearchResult>(page, '/records?issueType=设备故障&tier=core');
    await page.close();
    known = json.hits[0]?.id as string;
    return known;
  }

  test('the first page is light', async () => {
    const page = await stage().anyone();
    const sizes: Promise<number>[] = [];
    page.on('response', (response) => {
      if (!/\.(?:js|css)$/.test(response.url())) return;
      sizes.push(response.body().then((body) => gzipSync(body).length));
    });
    await page.goto(stage().url);
    await page.getByTestId('sign-in-username').waitFor();
    await page.waitForLoadState('networkidle');
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    console.log(`first page: ${Math.round(bytes / 1000)} kB of scripts and styles, gzip`);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(MOST_FIRST_BYTES);
  });

  test('everyone begins on a page that is theirs; a role without one is told what it is for and whom to ask', async () => {
    for (const [user, path] of [
      ['operator', '/jobs'],
      ['admin', '/accounts'],
      ['approver1', '/access/inbox'],
      ['regulator', '/access/mandates'],
      ['crisis', '/'],
    ] as const) {
      const page = await stage().signedIn(user);
      await page.waitForURL(`**${path}`);
    }
    for (const [user, said] of [['reviewer', '复核领取尚未启用']] as const) {
      const page = await stage().signedIn(user);
      const home = page.getByTestId('role-home');
      expect(await home.innerText()).toContain(said);
      expect(await home.innerText()).toContain('请联系');
      expect(await page.locator('[data-testid^=nav-]').count()).toBe(0);
    }
  });

  test('switching the language keeps the page and leaves no Chinese in its controls', async () => {
    const page = await stage().signedIn('compliance', `/records/${await coreId()}`);
    await page.getByTestId('retention-line').waitFor();
    const address = page.url();
    await page.getByTestId('language-switch').click();
    await page.getByText('Who looked at it').waitFor();
    expect(page.url()).toBe(address);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    const refusal = page.getByTestId('refusal').first();
    await refusal.getByText('Your role does not include this').waitFor();
    for (const control of await page.getByRole('button').all()) {
      const name = (await control.getAttribute('aria-label')) ?? (await control.innerText());
      if (!/中文|合规经理/.test(name)) expect(name).not.toMatch(/\p{Script=Han}/u);
    }
    await page.getByTestId('language-switch').click();
    await page.getByText('谁看过这通电话').waitFor();
  });

  test('the red banner leads to what to do about it, and the media tool is named in short', async () => {
    const page = await stage().signedIn('operator');
    await page.getByTestId('keys-warning').getByRole('link').click();
    await page.waitForURL(/\/status#keys-apart$/);
    const help = page.locator('#keys-apart');
    expect(await help.innerText()).toContain('npm start -- --keys');
    expect(await help.locator('li').count()).toBeGreaterThanOrEqual(4);
    await page.locator('#keys-apart:focus').waitFor();
    expect(await page.locator('main').innerText()).not.toMatch(/Copyright/);
  });
}

/** By the switch of the page; one that has none is drawn anew. */
async function switchTo(page: Page, mode: string): Promise<void> {
  const button = page.getByTestId('mode-switch');
  if ((await button.count()) > 0) return button.click();
  const kept = JSON.stringify({ language: 'zh-CN', mode });
  await page.evaluate(`localStorage.setItem('voxkeep.preferences', '${kept}')`);
  await page.reload({ waitUntil: 'networkidle' });
}

/** By how many pixels the page is wider than the window. */
function overhang(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
}
