import type { SearchResult } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withKey } from '../passkeys.ts';
import { accessFaults, answerTo, ask, fillSignIn, type Stage } from '../stage.ts';
import { chooseFiles } from './work-flows.ts';

/** Several people do several things in each; a busy machine gets its time. */
const LONG_MS = 180_000;
const PHONE = '13900007722';
const COLLEAGUE = {
  ...{
    username: 'rights-officer',
    displayName: '合规专员',
    role: 'compliance',
    personId: 'N-0143',
  },
  password: '另一位合规人员的口令-2026',
};

/** How records end, and until when they are kept: the pages of compliance and of those who sign. */
export function retireFlows(stage: () => Stage): void {
  /** A call of its own, taken in and archived; its id. */
  const takeIn = async (sourceCallId: string, more: object): Promise<string> => {
    const page = await stage().signedIn('operator', '/upload');
    await chooseFiles(page, sourceCallId, more);
    await page.getByTestId('upload-submit').click();
    await page.locator('[data-testid=upload-receipt][data-state=archived]').waitFor();
    return page.getByTestId('upload-record-id').innerText();
  };
  const pageOf = async (user: string, path: string) => {
    const page = await stage().windowOf(user);
    await withKey(page, user);
    await page.goto(stage().url + path);
    return page;
  };
  const sign = async (page: Page) => {
    await page.getByTestId('digest').waitFor();
    await page.getByTestId('sign-now').click();
    await page.getByTestId('sign-now').waitFor({ state: 'detached' });
  };
  const fileOf = async (page: Page, button: string) => {
    const saved = page.waitForEvent('download');
    await page.getByTestId(button).first().click();
    return (await saved).suggestedFilename();
  };

  test(
    'what is due goes when two approvers have signed the very list that their browsers fetched; its certificate is kept',
    async () => {
      const id = await takeIn('long-ago', { startedAt: '2022-03-01T10:00:00+08:00' });
      const page = await stage().signedIn('compliance', '/compliance/disposals');
      const row = page.getByTestId('due-record').filter({ hasText: id.slice(-8) });
      await row.getByText('超过最长期限').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await page.getByTestId('propose').click();
      await page.getByTestId('propose-confirm').click();
      await page.waitForURL(/\/compliance\/disposals\/[0-9a-f-]{36}$/);
      await page.locator('[data-testid=run-state][data-state=proposed]').waitFor();
      await page
        .getByTestId('run-item')
        .filter({ hasText: id.slice(-8) })
        .waitFor();
      expect(await page.getByTestId('run-approve').count()).toBe(0);
      expect(await accessFaults(page)).toEqual([]);
      const run = page.url().split('/').at(-1) as string;
      expect(await fileOf(page, 'run-csv')).toBe(`disposal-${run}.csv`);

      const first = await pageOf('approver1', '/settings');
      // An archive that shows one list and has another one signed.
      await first.route('**/items?limit=1000*', async (route) => {
        const { status, body } = await answerTo(route);
        await route.fulfill({ status, body: body.replace(/("recordId":"[^"]{35})[^"]/, '$1x') });
      });
      await first.goto(`${stage().url}/compliance/disposals/${run}`);
      await first.getByTestId('run-approve').click();
      const dialog = first.getByRole('dialog');
      await dialog.getByText('待签原文与页面所示不一致').waitFor();
      expect(await dialog.getByTestId('sign-now').isDisabled()).toBe(true);

      await first.unrouteAll();
      await first.reload();
      await first.getByTestId('run-approve').click();
      await dialog.getByTestId('list-checked').waitFor();
      expect(await accessFaults(first)).toEqual([]);
      await sign(first);
      await first.getByTestId('run-decisions').getByText('已签名').waitFor();
      await first.getByTestId('may-not-decide').getByText('您已对这份申请做过决定').waitFor();

      const second = await pageOf('approver2', '/access/inbox');
      await second.getByTestId('waiting-runs').getByRole('link').first().click();
      await second.waitForURL(`**/compliance/disposals/${run}`);
      await second.locator('[data-testid=run-approve]:enabled').waitFor();
      await second.keyboard.press('a');
      await sign(second);
      await second.locator('[data-testid=run-state][data-state=done]').waitFor();

      await page.reload();
      await page.locator('[data-testid=run-item][data-state=disposed]').waitFor();
      expect(await page.getByTestId('figure-disposed').innerText()).toMatch(/^1\s/);
      expect(await fileOf(page, 'run-certificate')).toBe(`disposal-${run}.json`);
      expect(await fileOf(page, 'certificate-pdf')).toBe(`disposal-${id}.pdf`);
      await page.goto(`${stage().url}/records/${id}`);
      const gone = page.getByTestId('gone');
      await gone.locator('.state-good').first().waitFor();
      expect(await gone.innerText()).toMatch(/各站点均不可读[\s\S]+旧副本亦不可读/);
      expect(await accessFaults(page)).toEqual([]);
    },
    LONG_MS,
  );

  test('auditors see what is due and propose nothing; who has no part in it is refused with the reason', async () => {
    const auditor = await stage().signedIn('auditor', '/compliance/disposals');
    await auditor.getByText('处置清单由合规管理提出').waitFor();
    expect(await auditor.getByTestId('propose').count()).toBe(0);
    for (const path of ['/compliance/disposals', '/compliance/requests']) {
      const page = await stage().signedIn('qa', path);
      const refusal = page.getByTestId('refusal');
      await refusal.getByText('您的角色没有这项权限').waitFor();
      expect(await refusal.count()).toBe(1);
    }
  });

  test(
    'an erasure that one officer enters a colleague grants: the call is restricted, and its page says why and until when',
    async () => {
      const id = await takeIn('to-be-erased', { customer: { phone: PHONE, segment: '普通' } });
      const page = await stage().signedIn('compliance', '/compliance/requests');
      await page.getByTestId('enter-subject').click();
      await page.getByTestId('subject-phone').fill(PHONE);
      await page.getByTestId('subject-identity').fill('回拨登记号码，核对机主');
      await page.getByLabel('收到日期').fill('2026-11-01');
      expect(await accessFaults(page)).toEqual([]);
      await page.getByTestId('enter-confirm').click();
      await page.waitForURL(/\/compliance\/requests\/[0-9a-f-]{36}$/);
      await page.locator('[data-testid=deadline][data-state=overdue]').waitFor();
      const record = page.getByTestId('subject-record').filter({ hasText: id.slice(-8) });
      expect(await record.getByTestId('fate').innerText()).toMatch(/起可处置，依据 \S+/);
      await page.getByTestId('may-not-grant').getByText('须由登记人以外').waitFor();
      expect(await page.getByTestId('subject-grant').count()).toBe(0);
      expect(await accessFaults(page)).toEqual([]);

      const colleague = await signInColleague('/compliance/requests?box=overdue');
      await colleague.getByTestId('subject-row').first().getByRole('link').click();
      await colleague.getByTestId('subject-grant').click();
      await colleague.getByTestId('grant-confirm').click();
      await colleague.locator('[data-testid=subject-state][data-state=done]').waitFor();
      await colleague
        .getByTestId('subject-records')
        .getByText('限制处理', { exact: true })
        .waitFor();

      await colleague.goto(`${stage().url}/records/${id}`);
      const panel = colleague.getByTestId('retention');
      await panel.getByTestId('term-restricted').getByText('个人要求删除').waitFor();
      expect(await panel.innerText()).toMatch(/保存至 20\d\d-\d\d-\d\d/);
      expect(await accessFaults(colleague)).toEqual([]);
      const qa = await stage().signedIn('qa', `/records/${id}`);
      await qa.getByText('该记录已限制处理（个人要求删除）').waitFor();
    },
    LONG_MS,
  );

  test('an officer tells a day that a period counts from; others read what a term rests on and tell none', async () => {
    const qa = await stage().signedIn('qa', '/settings');
    const { json } = await ask<SearchResult>(qa, '/records?issueType=业务咨询');
    const id = json.hits[0]?.id as string;
    await qa.goto(`${stage().url}/records/${id}`);
    await qa.getByTestId('retention-more').click();
    await qa.getByTestId('term').getByText('起算日由合规管理登记').waitFor();
    expect(await qa.getByTestId('tell-anchor').count()).toBe(0);

    const officer = await stage().signedIn('compliance', `/records/${id}`);
    await officer.getByTestId('tell-anchor').click();
    await officer.getByTestId('anchor-day').fill('2026-11-20');
    await officer.getByTestId('tell-anchor-confirm').click();
    const told = officer.getByTestId('term-anchor');
    await told.getByText('2026-11-20').waitFor();
    expect(await told.innerText()).toContain('争议解决日');
  });

  /** Another person of compliance, at this path. */
  async function signInColleague(path: string): Promise<Page> {
    const admin = await stage().signedIn('admin');
    const status = await admin.evaluate(async (body) => {
      const headers = { 'x-voxkeep-csrf': '1', 'content-type': 'application/json' };
      return (await fetch('/api/v1/accounts', { method: 'POST', headers, body })).status;
    }, JSON.stringify(COLLEAGUE));
    expect(status).toBe(201);
    const page = await stage().anyone();
    await page.goto(stage().url + path);
    await fillSignIn(page, COLLEAGUE.username, COLLEAGUE.password);
    await page.getByTestId('account-menu').waitFor();
    return page;
  }
}
