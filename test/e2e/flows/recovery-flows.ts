import type { DrillsView } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { answerTo, ask, eventually, type Stage } from '../stage.ts';

/** A drill of the sample calls takes seconds; a busy machine gets its time. */
const DRILL_MS = 90_000;

/** Recovery: whether we can be back in time, tried from the page itself, and what to type when it counts. */
export function recoveryFlows(stage: () => Stage): void {
  test('before any drill the page says in red that nothing is known, and offers one', async () => {
    const page = await stage().signedIn('operator', '/sites');
    const strip = page.getByTestId('recovery-strip');
    await strip.getByText('还没有演练过').waitFor();
    expect(await strip.locator('.state-bad').count()).toBe(1);
    const empty = page.getByTestId('drills-empty');
    expect(await empty.getByTestId('begin-drill').isEnabled()).toBe(true);
    for (const site of ['hq', 'branch', 'cloud']) {
      expect(await page.getByTestId(`recovery-${site}`).innerText()).toContain('从未演练');
    }
  });

  test(
    'a sample drill is begun by keyboard after it is said what it does, and its result is the answer',
    async () => {
      const page = await stage().signedIn('operator', '/sites');
      await page.getByTestId('begin-drill').focus();
      await page.keyboard.press('Enter');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('radio', { name: '分公司' }).focus();
      await page.keyboard.press('ArrowRight');
      await dialog.getByText('将只从第三方合规云读取：恢复一部分目录').waitFor();
      await page.getByTestId('drill-confirm').focus();
      await page.keyboard.press('Enter');
      await page.getByTestId('drill-running').getByText('正在演练：第三方合规云，抽样').waitFor();
      const drill = page.getByTestId('drill').first();
      await drill.getByText('通过', { exact: true }).waitFor({ timeout: DRILL_MS });
      expect(await drill.innerText()).toMatch(/第三方合规云\s+抽样/);
      expect(await page.getByTestId('recovery-cloud').innerText()).toMatch(
        /45 分钟内\s+\S+ \S+（推算）\s+\S[\s\S]+抽样/,
      );
      await page.getByText('由第三方合规云能在 45 分钟内恢复：预计最长').waitFor();
      await drill.locator('.drill-open').focus();
      await page.keyboard.press('Enter');
      const figures = page.getByTestId('drill-figures');
      const { json } = await ask<DrillsView>(page, '/drills');
      const found = json.drills[0]?.figures;
      expect(found?.callsOpened).toBeGreaterThan(0);
      expect(await pairs(figures)).toMatchObject({
        打开通话: `${String(found?.callsOpened)} / ${String(found?.callsOpened)}`,
        未能打开的通话: '0',
        核验账本条目: found?.ledgerEntries.toLocaleString('en'),
      });
    },
    DRILL_MS * 2,
  );

  test(
    'while one goes on, another is refused in words',
    async () => {
      const page = await stage().signedIn('operator', '/sites');
      await page.getByTestId('begin-drill').click();
      await page.getByTestId('drill-does').waitFor();
      await page.route('**/api/v1/drills', async (route) => {
        // Somebody else was quicker by a moment.
        if (route.request().method() === 'POST') {
          await eventually(async () => (await answerTo(route)).status).toBe(202);
        }
        await route.continue();
      });
      await page.getByTestId('drill-confirm').click();
      const problem = page.getByRole('dialog').getByTestId('problem');
      await problem.getByText('正在演练，请待其结束').waitFor();
      await page.keyboard.press('Escape');
      await page.getByTestId('drill-over').getByText('通过').waitFor({ timeout: DRILL_MS });
    },
    DRILL_MS * 2,
  );

  test('what to type for each site that is left stands there, with the plan, for whoever sees the sites', async () => {
    const page = await stage().signedIn('admin', '/sites');
    const lost = page.getByTestId('lost-site');
    await lost.getByText('docs/recovery-plan.zh-CN.md').waitFor();
    for (const site of ['hq', 'branch', 'cloud']) {
      await lost.getByText(`voxkeep recover --from ${site} --keys `).waitFor();
    }
    await page.getByText('只有运维可以开始演练').waitFor();
    expect(await page.getByTestId('begin-drill').count()).toBe(0);
    const qa = await stage().signedIn('qa');
    expect((await ask<DrillsView>(qa, '/drills')).status).toBe(403);
  });
}

/** Names and values of all that is listed there. */
async function pairs(place: ReturnType<Page['getByTestId']>): Promise<Record<string, string>> {
  const names = await place.locator('dt').allInnerTexts();
  const values = await place.locator('dd').allInnerTexts();
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
}
