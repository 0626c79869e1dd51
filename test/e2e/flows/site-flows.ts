import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SitesView } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ask, eventually, type Stage } from '../stage.ts';

/** Storage: how the sites are, checks of their copies, and what is told when one is away. */
export function siteFlows(stage: () => Stage): void {
  test('an operator sees three sites with their space, and reads the history as a table', async () => {
    const page = await stage().signedIn('operator');
    await page.getByTestId('nav-sites').click();
    await page.getByTestId('site-hq').waitFor();
    for (const site of ['hq', 'branch', 'cloud']) {
      const card = page.getByTestId(`site-${site}`);
      expect(await card.innerText()).toMatch(/可达[\s\S]*副本数[\s\S]*本档案库 [\d.]+ [kM]?B/);
    }
    await page.locator('[data-testid=site-history] [data-drawn=true] svg').first().waitFor();
    await page.getByText('7 天', { exact: true }).click();
    await page.waitForURL(/range=week/);
    await page.getByText('以表格查看').nth(2).click();
    const table = page.locator('.history-table');
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
      ...['时间', '总部', '分公司', '第三方合规云'],
    ]);
    expect(await table.locator('tbody tr').first().innerText()).toMatch(
      /^20\d\d-\d\d-\d\d \d\d:\d\d/,
    );
  });

  test('a check is begun after a question, and mends a copy that went away', async () => {
    const gone = copyAt('cloud');
    rmSync(gone);
    const page = await stage().signedIn('operator', '/sites');
    await beginCheck(page, 'cloud', 'light', /逐一核对 [\d,]+ 份副本/);
    const row = page.getByTestId('walk-cloud-light').getByRole('cell');
    await eventually(async () => (await row.allInnerTexts()).slice(3, 5)).toEqual(['1', '1']);
    expect(readdirSync(join(gone, '..'))).toContain(gone.split('/').at(-1));
  });

  test('a site that is away is said to be so, with what to do, and its checks cannot be begun', async () => {
    const folder = join(stage().archive.data, 'sites/cloud');
    renameSync(folder, `${folder}.away`);
    try {
      const page = await stage().signedIn('operator', '/sites');
      const card = page.getByTestId('site-cloud');
      await card.getByText('不可达', { exact: true }).waitFor();
      expect(await card.innerText()).toContain('请检查该站点的网络与挂载');
      expect(await card.innerText()).toContain('剩余空间未知');
      expect(await page.getByTestId('sites-well').count()).toBe(0);
      expect(await page.getByTestId('begin-cloud-deep').isDisabled()).toBe(true);
      expect(await page.getByTestId('begin-hq-deep').isDisabled()).toBe(false);
    } finally {
      renameSync(`${folder}.away`, folder);
    }
  });

  test('administrators see the sites and begin no checks; who may do neither has no such page', async () => {
    const admin = await stage().signedIn('admin', '/sites');
    await admin.getByTestId('site-hq').waitFor();
    expect(await admin.locator('[data-testid^=begin-]').count()).toBe(0);
    await admin.getByText('只有运维可以开始巡检').waitFor();
    const qa = await stage().signedIn('qa', '/sites');
    await qa.getByTestId('refusal').waitFor();
    expect(await qa.getByTestId('nav-sites').count()).toBe(0);
    expect((await ask<SitesView>(qa, '/sites/hq/history')).status).toBe(403);
  });

  /** Any object of a core record at the site. */
  function copyAt(site: string): string {
    const folder = join(stage().archive.data, 'sites', site, 'core');
    const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const found = all.find((name) => name.endsWith('.vko'));
    expect(found).toBeDefined();
    return join(folder, found as string);
  }
}

/** Through the question, by keyboard alone. */
async function beginCheck(page: Page, site: string, kind: string, said: RegExp): Promise<void> {
  await page.getByTestId(`begin-${site}-${kind}`).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText(said).waitFor();
  await page.getByRole('button', { name: '开始巡检' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('巡检已开始').waitFor();
}
