import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, fillSignIn, type Stage } from '../stage.ts';

/** Several people do several things in it; a busy machine gets its time. */
const LONG_MS = 120_000;
const DAY_MS = 86_400_000;
const FIRM = '某某会计师事务所（特殊普通合伙）';
const PURPOSE = '2026 年度个人信息保护合规审计';
const OUTSIDER = {
  ...{ username: 'outside-auditor', displayName: '外部审计 周', role: 'auditor' },
  ...{ personId: 'X-0001', password: '外部审计人员的口令-2026' },
};

/** Outside auditors, and the officers who let them in and answer them. */
export function engagementFlows(stage: () => Stage): void {
  test(
    'two officers let an outside auditor in, who draws a sample that neither side chose, is answered, and closes the finding',
    async () => {
      const until = new Date(Date.now() + 20 * DAY_MS).toISOString().slice(0, 10);
      const opener = await stage().signedIn('compliance', '/compliance');
      await opener.getByTestId('subnav-engagements').click();
      await opener.getByTestId('open-engagement').click();
      await opener.getByTestId('engagement-firm').fill(FIRM);
      await opener.getByTestId('engagement-purpose').fill(PURPOSE);
      await opener.getByTestId('calls-from').fill('2020-01-01');
      await opener.getByTestId('engagement-until').fill(until);
      await opener.getByTestId('open-engagement-confirm').click();
      await opener.waitForURL(/\/compliance\/engagements\/[0-9a-f-]{36}$/);
      await stateOf(opener, 'opened');
      // Whoever opened it does not confirm it, and is told so.
      await opener.getByTestId('needs-another').waitFor();
      expect(await opener.getByTestId('confirm-engagement').count()).toBe(0);
      const path = new URL(opener.url()).pathname;
      const engagementId = path.split('/').at(-1) as string;

      const officer = await stage().signedIn('compliance2', path);
      await officer.getByTestId('confirm-engagement').click();
      const dialog = officer.getByRole('dialog');
      const terms = await dialog.getByTestId('engagement-terms').innerText();
      for (const part of [FIRM, PURPOSE, '2020-01-01', until]) expect(terms).toContain(part);
      expect(await accessFaults(officer)).toEqual([]);
      await officer.getByTestId('confirm-engagement-ok').click();
      await stateOf(officer, 'confirmed');

      const auditor = await signInOutsider(engagementId);
      await auditor.waitForURL(`**${path}`);
      await auditor.getByTestId('ask-sample').click();
      await auditor.getByRole('spinbutton').fill('3');
      const nonce = await auditor.getByTestId('sample-nonce').inputValue();
      expect(nonce).toMatch(/^[0-9a-f]{64}$/);
      await auditor.getByTestId('ask-sample-confirm').click();
      await auditor.getByText('请先抄下随机数').waitFor();
      await auditor.getByTestId('sample-noted').check();
      const asked = auditor.waitForRequest(/\/samples$/);
      await auditor.getByTestId('ask-sample-confirm').click();
      expect((await asked).postData()).not.toContain(nonce);
      const sample = auditor.getByTestId('sample');
      await sample.getByText('树根').first().waitFor();
      expect(await auditor.getByTestId('ask-sample').isDisabled()).toBe(true);
      await auditor.getByTestId('draw-sample').click();
      const told = auditor.getByTestId('draw-nonce');
      expect(await told.inputValue()).toBe(nonce);
      // A nonce of another sample does not leave the browser.
      await told.fill(nonce.replace(/./, (digit) => (digit === '0' ? '1' : '0')));
      await auditor.getByTestId('draw-confirm').click();
      await auditor.getByText('该随机数与您事先提交的承诺不符').waitFor();
      await told.fill(nonce);
      await auditor.getByTestId('draw-confirm').click();
      await auditor.locator('[data-testid=sample][data-state=drawn]').waitFor();
      const calls = auditor.getByTestId('drawn-call');
      await calls.first().waitFor();
      expect(await calls.count()).toBe(3);
      expect(await calls.first().getByRole('link').getAttribute('href')).toMatch(/^\/records\//);
      expect(await auditor.evaluate<string>('JSON.stringify(localStorage)')).not.toContain(nonce);
      const saved = auditor.waitForEvent('download');
      await auditor.getByTestId('take-proof').click();
      expect((await saved).suggestedFilename()).toMatch(/^sample-[0-9a-f-]{36}\.json$/);

      await auditor.getByTestId('ask-evidence').click();
      await auditor.getByTestId('evidence-wanted').fill('最近一次密钥轮换的记录');
      await auditor.getByTestId('evidence-due').fill(until);
      await auditor.getByTestId('ask-evidence-confirm').click();
      await auditor.locator('[data-testid=question][data-state=asked]').waitFor();
      await auditor.getByTestId('write-finding').click();
      await auditor.getByTestId('finding-text').fill('抽中的一通录音没有告知录音');
      await auditor.getByTestId('write-finding-confirm').click();
      await auditor.locator('[data-testid=external-finding][data-state=open]').waitFor();
      expect(await accessFaults(auditor)).toEqual([]);

      await officer.reload();
      await officer.getByTestId('answer-evidence').click();
      await officer.getByTestId('evidence-answer').fill('见账本第 1 条');
      await officer.getByTestId('evidence-entries').fill('1');
      await officer.getByTestId('answer-evidence-confirm').click();
      await officer.locator('[data-testid=question][data-state=answered]').waitFor();
      await officer.getByTestId('answer-finding').click();
      await officer.getByTestId('finding-answer').fill('已通知班组，补充话术');
      await officer.getByTestId('finding-due').fill(until);
      await officer.getByTestId('answer-finding-confirm').click();
      await officer.locator('[data-testid=external-finding][data-state=accepted]').waitFor();
      await officer.getByText('项目期间由审计人员关闭').waitFor();
      expect(await officer.getByTestId('ask-sample').count()).toBe(0);

      await auditor.reload();
      await auditor.getByTestId('question').getByText('见账本第 1 条').waitFor();
      await auditor.getByTestId('close-finding').click();
      await auditor.getByTestId('reason').fill('已抽查新话术');
      await auditor.getByTestId('reason-confirm').click();
      await auditor.locator('[data-testid=external-finding][data-state=closed]').waitFor();
      expect(await accessFaults(auditor)).toEqual([]);

      await officer.getByTestId('close-engagement').click();
      await officer.getByTestId('reason').fill('审计已完成');
      await officer.getByTestId('reason-confirm').click();
      await stateOf(officer, 'closed');
      await auditor.reload();
      await auditor.getByTestId('sign-in-username').waitFor();
    },
    LONG_MS,
  );

  /** The outside auditor's first page. */
  async function signInOutsider(engagementId: string): Promise<Page> {
    const admin = await stage().signedIn('admin');
    const status = await admin.evaluate(
      async (body) => {
        const headers = { 'x-voxkeep-csrf': '1', 'content-type': 'application/json' };
        return (await fetch('/api/v1/accounts', { method: 'POST', headers, body })).status;
      },
      JSON.stringify({ ...OUTSIDER, engagementId }),
    );
    expect(status).toBe(201);
    await admin.reload();
    await admin.getByRole('row', { name: OUTSIDER.username }).getByText('可用至').waitFor();
    const page = await stage().anyone();
    await page.goto(stage().url);
    await fillSignIn(page, OUTSIDER.username, OUTSIDER.password);
    await page.getByTestId('account-menu').waitFor();
    return page;
  }
}

const stateOf = (page: Page, state: string) =>
  page.locator(`[data-testid=engagement-state][data-state=${state}]`).waitFor();
