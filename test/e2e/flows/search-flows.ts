import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SearchHit, SearchResult } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, LONGEST_FRAME, type Stage } from '../stage.ts';

const SAMPLE = resolve(import.meta.dirname, '../../../samples/04-id-number.json');
/** More than the interface gives, so that a hundred pages need not be turned. */
const PAGE_ROWS = 1_000;
const MANY = 10_000;

/** Finding calls: by every condition, by keyboard, among many, and when it does not work. */
export function searchFlows(stage: () => Stage): void {
  const open = async (query = '') => {
    const page = await stage().signedIn('qa', `/${query}`);
    await page.getByTestId('search-table').waitFor();
    return page;
  };

  test('a customer is found by full number, last four digits and masked number alike', async () => {
    const { customer } = JSON.parse(readFileSync(SAMPLE, 'utf8')) as {
      customer: { phone: string };
    };
    const { phone } = customer;
    const page = await open();
    for (const form of [phone, phone.slice(-4), `${phone.slice(0, 3)}****${phone.slice(-4)}`]) {
      await page.getByTestId('search-phone').fill(form);
      await page.getByTestId('search-phone').press('Enter');
      await eventually(() => texts(page)).toHaveLength(1);
      expect((await texts(page))[0]).toContain('身份核实');
      await page.getByRole('button', { name: '清空条件' }).click();
      await eventually(async () => (await texts(page)).length).toBeGreaterThan(10);
    }
    await page.getByTestId('search-phone').fill('12');
    await page.getByText('号码至少 4 位').waitFor();
  });

  test('every condition narrows the list and stands in the address', async () => {
    const page = await open();
    const all = (await texts(page)).length;
    for (const query of [
      ...['from=2026-01-01', 'to=2025-12-31', 'agent=001', 'team=二组', 'issueType=投诉建议'],
      ...['tier=core', 'channel=video', 'direction=outbound', 'segment=老年', 'industry=telecom'],
      ...['minDurationS=30', 'maxDurationS=25', 'hasFindings=true', 'text=身份证', 'ticket=NONE'],
    ]) {
      // As by a link of the page, which need not be fetched and begun anew each time.
      const answered = page.waitForResponse(/\/api\/v1\/records\?/);
      await page.evaluate(`history.pushState(null, '', '/?${query}')`);
      const { hits } = (await (await answered).json()) as SearchResult;
      expect(hits.length, query).toBeLessThan(all);
      await eventually(async () => (await texts(page)).length).toBe(hits.length);
      expect(decodeURIComponent(page.url())).toContain(query);
    }
    await page.goto(stage().url);
    await page.getByRole('button', { name: '更多条件' }).click();
    for (const name of ['班组', '客户类型', '行业', '渠道', '呼叫方向', '个人信息']) {
      await page.getByRole('combobox', { name }).waitFor();
    }
    await page.getByRole('combobox', { name: '渠道' }).click();
    await page.locator('.ant-select-item-option').getByText('视频').click();
    await page.getByTestId('search-submit').click();
    await page.waitForURL(/channel=video/);
    await eventually(() => texts(page)).toHaveLength(1);
  });

  test('a count on the left narrows the search to what is behind it, and lets go again', async () => {
    const page = await open();
    const button = page.getByRole('complementary').getByRole('button', { name: /核心/ });
    const count = Number(/(\d+)$/.exec((await button.innerText()).trim())?.[1]);
    await button.click();
    await page.waitForURL(/tier=core/);
    await eventually(async () => (await texts(page)).length).toBe(count);
    await button.click();
    await eventually(() => new URL(page.url()).search).toBe('');
    // Agents by name, as people know them.
    await page.getByRole('complementary').getByText('许嘉宁 002').waitFor();
  });

  test('conditions are kept under a name, picked again and deleted', async () => {
    const page = await open('?tier=core');
    await page.getByRole('button', { name: '常用条件' }).click();
    await page.getByPlaceholder('如：本周设备故障').fill('核心层');
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByRole('button', { name: '核心层', exact: true }).waitFor();
    await page.goto(stage().url);
    await page.getByRole('button', { name: '常用条件' }).click();
    await page.getByRole('button', { name: '核心层', exact: true }).click();
    await page.waitForURL(/tier=core/);
    await page.getByRole('button', { name: '常用条件' }).click();
    await page.getByRole('button', { name: '删除“核心层”' }).click();
    await page.getByText('还没有保存的条件').waitFor();
  });

  test('by keyboard: / to search, j and k to choose, Enter to open, u to go back to the same line', async () => {
    const page = await open();
    await page.getByTestId('search-row').first().waitFor();
    await page.keyboard.press('/');
    expect(await focused(page)).toBe('search-text');
    await page.keyboard.press('Tab');
    await page.evaluate('document.activeElement.blur()');
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    const chosen = page.locator('[data-testid=search-row][aria-selected=true]');
    await chosen.waitFor();
    const id = await chosen.getAttribute('data-id');
    expect(await chosen.getAttribute('data-index')).toBe('1');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/records/${id}`);
    await page.getByTestId('player').waitFor();
    await page.keyboard.press('j');
    await page.waitForURL(
      (url) => !url.pathname.endsWith(id ?? '') && /records/.test(url.pathname),
    );
    await page.keyboard.press('u');
    await eventually(() => chosen.getAttribute('data-index')).toBe('2');
  });

  test('of ten thousand calls only those in sight are drawn, and the rest come as one scrolls', async () => {
    const page = await stage().windowOf('qa');
    await page.route(/\/api\/v1\/records\?/, (route) => {
      const cursor = Number(new URL(route.request().url()).searchParams.get('cursor') ?? 0);
      return route.fulfill({ json: manyCalls(cursor) });
    });
    await page.goto(`${stage().url}/?tier=basic`);
    await page.getByTestId('search-row').first().waitFor();
    for (let times = 0; times < 100; times += 1) {
      const loaded = await scrollToEnd(page);
      if (loaded === MANY) break;
      await eventually(() => rowsLoaded(page)).toBeGreaterThan(loaded);
    }
    expect(await rowsLoaded(page)).toBe(MANY);
    expect(await page.getByTestId('search-row').count()).toBeLessThan(80);
    expect(await page.getByText('已全部显示').count()).toBe(1);
    const slowest = await page.evaluate<number>(
      LONGEST_FRAME.replace(
        '/* each */',
        "document.querySelector('.results-body').scrollTop -= 200",
      ),
    );
    console.log(`ten thousand rows: slowest frame of 60 while scrolling ${Math.round(slowest)} ms`);
    await page.unroute(/\/api\/v1\/records\?/);
  });

  test('a call that may be listed but not opened says so, with the rule, and does not open', async () => {
    const page = await stage().windowOf('qa');
    await page.route(/\/api\/v1\/records\?/, (route) => {
      const result = manyCalls(MANY - 2);
      const [first, second] = result.hits;
      const hits = [{ ...first, canOpen: false, refusal: '只能查看本班组的通话。' }, second];
      return route.fulfill({ json: { ...result, hits } });
    });
    await page.goto(`${stage().url}/?tier=basic`);
    const row = page.getByTestId('search-row').first();
    await row.getByText('只能查看本班组的通话。').waitFor();
    expect(await row.getByRole('link').count()).toBe(0);
    await row.click({ force: true });
    expect(new URL(page.url()).pathname).toBe('/');
    await page.unroute(/\/api\/v1\/records\?/);
  });

  test('when the ledger cannot be written the page says so and tries again when asked', async () => {
    const page = await stage().windowOf('qa');
    await page.route(/\/api\/v1\/records\?/, (route) =>
      route.fulfill({
        status: 503,
        json: {
          title: 'x',
          status: 503,
          code: 'LEDGER_UNAVAILABLE',
          detail: 'x',
          requestId: 'r-7',
        },
      }),
    );
    await page.goto(`${stage().url}/?tier=core`);
    const problem = page.getByTestId('problem');
    await problem.getByText('审计账本暂时无法写入').waitFor();
    await problem.getByText('r-7').waitFor();
    await page.unroute(/\/api\/v1\/records\?/);
    await problem.getByRole('button', { name: '重试' }).click();
    await page.getByTestId('search-row').first().waitFor();
  });
}

const texts = (page: Page) => page.getByTestId('search-row').allInnerTexts();

function focused(page: Page): Promise<string | null> {
  return page.evaluate("document.activeElement.getAttribute('data-testid')");
}

function manyCalls(from: number): SearchResult {
  const hits = Array.from({ length: Math.min(PAGE_ROWS, MANY - from) }, (_, at): SearchHit => {
    const n = from + at;
    return {
      id: `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`,
      startedAt: new Date(Date.parse('2026-11-01T00:00:00Z') - n * 60_000).toISOString(),
      ...{ durationS: 30 + (n % 300), tier: 'basic', issueType: '业务咨询', channel: 'voice' },
      ...{ direction: 'inbound', agentId: '001', agentName: '林晓', findingCount: n % 3 },
      ...{ snippet: `第 ${n} 通，您好，请问有什么可以帮您？`, canOpen: true },
    };
  });
  const next = from + hits.length;
  return {
    ...{ hits, total: MANY, totalCapped: true, took: 1, scope: 'qa.every-record-redacted' },
    ...(next < MANY ? { next: String(next) } : {}),
  };
}

function rowsLoaded(page: Page): Promise<number> {
  return page.evaluate("document.querySelector('.results-space').offsetHeight / 40");
}

async function scrollToEnd(page: Page): Promise<number> {
  const loaded = await rowsLoaded(page);
  await page.evaluate("document.querySelector('.results-body').scrollTop = 1e9");
  return loaded;
}
