import type { SearchResult } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { withKey } from '../passkeys.ts';
import {
  accessFaults,
  answerTo,
  ask,
  eventually,
  passTime,
  readyToPassTime,
  type Stage,
} from '../stage.ts';

const NAMES = { approver1: '审批人甲', approver2: '审批人乙', auditor: '合规审计员' } as const;
/** How often a page asks how a request and a grant stand. */
const ASKED_MS = 15_000;
/** Several people do several things in each; a busy machine gets its time. */
const LONG_MS = 180_000;
type Signer = keyof typeof NAMES;

/** Two signatures open a call, for a while; each by a passkey that two people have confirmed. */
export function accessFlows(stage: () => Stage): void {
  const pageOf = async (user: string, path: string) => {
    const page = await stage().windowOf(user);
    const { keepKey } = await withKey(page, user);
    await page.goto(stage().url + path);
    return { page, keepKey };
  };
  /** Approves what the page shows, as `act` opens it. */
  const sign = async (page: Page) => {
    await page.getByTestId('digest').waitFor();
    await page.getByTestId('sign-now').click();
    await page.getByTestId('sign-now').waitFor({ state: 'detached' });
  };
  const coreCall = async (page: Page, at: number) => {
    const { json } = await ask<SearchResult>(page, '/records?tier=core');
    return json.hits[at]?.id as string;
  };
  const fillPurpose = async (page: Page, text: string) => {
    await page.getByLabel('事由类别').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByTestId('purpose-text').fill(text);
  };

  test(
    'a passkey counts once an administrator and compliance have confirmed it; until then it signs nothing',
    async () => {
      /** What each owner would read out, by name. */
      const told = new Map<string, string>();
      for (const user of Object.keys(NAMES) as Signer[]) {
        const { page, keepKey } = await pageOf(user, '/settings');
        await page.getByTestId('passkey-add').click();
        await page.getByTestId('passkey-label').fill('安全密钥');
        await page.getByTestId('passkey-create').click();
        await page.locator('[data-testid=passkey-state][data-state=awaiting]').waitFor();
        await keepKey();
        await page.reload();
        told.set(NAMES[user], await page.getByTestId('fingerprint').innerText());
      }
      expect(new Set(told.values()).size).toBe(3);
      for (const confirmer of ['compliance', 'admin']) {
        const page = await stage().signedIn(confirmer, '/access/passkeys');
        await page.getByTestId('founding').waitFor();
        expect(await accessFaults(page)).toEqual([]);
        for (const name of Object.values(NAMES)) {
          const line = page.locator(`[data-testid=enrolment][data-owner=${name}]`);
          expect(told.get(name)).toMatch(/^(?:[0-9a-f]{4} ){4}[0-9a-f]{4}$/);
          expect(await line.getByTestId('fingerprint').innerText()).toBe(told.get(name));
          await line.getByTestId('passkey-confirm').click();
          const dialog = page.getByRole('dialog');
          expect(await dialog.getByTestId('fingerprint').innerText()).toBe(told.get(name));
          const { password } = stage().archive.account(confirmer);
          await page.getByTestId('confirm-password').fill(password);
          await page.getByTestId('confirm-by-password').click();
          await page.getByTestId('confirm-password').waitFor({ state: 'detached' });
        }
      }
      for (const user of Object.keys(NAMES)) {
        const page = await stage().signedIn(user, '/settings');
        await page.locator('[data-testid=passkey-state][data-state=enrolled]').waitFor();
        expect(await page.getByTestId('fingerprint').count()).toBe(0);
      }
    },
    LONG_MS,
  );

  test('an approver signs the key whose fingerprint its owner reads out, and no other', async () => {
    const { page } = await pageOf('qa', '/settings');
    await page.getByTestId('passkey-add').click();
    await page.getByTestId('passkey-label').fill('手机');
    await page.getByTestId('passkey-create').click();
    const told = await page.getByTestId('fingerprint').innerText();

    const { page: approver } = await pageOf('approver1', '/settings');
    const line = approver.locator('[data-testid=enrolment][data-owner=质检员]');
    const dialog = approver.getByRole('dialog');
    // An archive that shows one key and has another one signed.
    await approver.route('**/access/passkeys?box=all', async (route) => {
      const { status, body } = await answerTo(route);
      await route.fulfill({ status, body: body.replace(/(publicKey.{40})./g, '$1_') });
    });
    await approver.goto(`${stage().url}/access/passkeys`);
    await line.getByTestId('passkey-confirm').click();
    await dialog.getByText('待签原文与页面所示不一致').waitFor();
    expect(await dialog.getByTestId('fingerprint').innerText()).not.toBe(told);
    expect(await dialog.getByTestId('sign-now').isDisabled()).toBe(true);

    await approver.unrouteAll();
    await approver.reload();
    await line.getByTestId('passkey-confirm').click();
    expect(await dialog.getByTestId('fingerprint').innerText()).toBe(told);
    expect(await accessFaults(approver)).toEqual([]);
    await sign(approver);
    await line.getByText('待确认（1/2）').waitFor();
  });

  test(
    'an auditor asks for a core call, two approvers sign, it plays; taken back, it ends in the middle',
    async () => {
      const { page } = await pageOf('auditor', '/settings');
      await readyToPassTime(page);
      const id = await coreCall(page, 0);
      await page.goto(`${stage().url}/records/${id}`);
      await page.getByText('您不能播放此通话的录音').waitFor();
      await page.locator('.record-steps').getByTestId('ask-access').click();
      for (const field of ['original', 'download', 'export', 'attachments']) {
        await page.getByTestId(`field-${field}`).uncheck();
      }
      expect(await page.getByTestId('field-media').isChecked()).toBe(true);
      await fillPurpose(page, '纠纷 JF-2026-0417，核对坐席原话');
      await page.getByTestId('ask-submit').click();
      await page.locator('[data-testid=request-state][data-state=pending]').waitFor();
      const request = page.url().split('/').at(-1) as string;

      const first = (await pageOf('approver1', `/access/inbox?id=${request}`)).page;
      await first.getByTestId('request-detail').getByText('核对坐席原话').waitFor();
      expect(await accessFaults(first)).toEqual([]);
      await first.keyboard.press('a');
      await first.getByTestId('digest').waitFor();
      await first.locator('[data-testid=sign-now]:focus').waitFor();
      await first.keyboard.press('Enter');
      await first.getByTestId('inbox-empty').waitFor();
      await page.goto(`${stage().url}/records/${id}`);
      await page.getByText('您不能播放此通话的录音').waitFor();

      const second = (await pageOf('approver2', `/access/requests/${request}`)).page;
      await second.getByTestId('approve').click();
      await sign(second);
      await second.locator('[data-testid=request-state][data-state=live]').waitFor();

      await page.goto(`${stage().url}/access/mine`);
      await page.locator('[data-testid=countdown][data-state=running]').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await page.getByTestId('granted-record').click();
      await page.getByTestId('grant-bar').waitFor();
      await page.locator('[data-drawn=true]').waitFor();
      await page.keyboard.press('Space');
      const heard = () =>
        page.evaluate<number>(`document.querySelector('audio, video').currentTime`);
      await eventually(heard).toBeGreaterThan(0.3);

      await second.getByTestId('revoke').click();
      await second.getByTestId('reason').fill('事由已不成立');
      await second.getByTestId('reason-confirm').click();
      await second.locator('[data-testid=request-state][data-state=revoked]').waitFor();
      const refused = await page.evaluate<number>(
        `fetch('/api/v1/records/${id}/transcript').then(({ status }) => status)`,
      );
      expect(refused).toBe(403);
      await passTime(page, ASKED_MS);
      await page.getByText('您不能播放此通话的录音').waitFor();
      expect(await page.getByTestId('grant-bar').count()).toBe(0);
      expect(await page.locator('audio, video').count()).toBe(0);
    },
    LONG_MS,
  );

  test(
    'break-glass opens with two signatures, and the next one waits until somebody else has reviewed it',
    async () => {
      const { page } = await pageOf('auditor', '/settings');
      await readyToPassTime(page);
      const id = await coreCall(page, 1);
      const path = `/access/break-glass?record=${id}`;
      await page.goto(stage().url + path);
      // Its button waits for the passkeys: it is looked at as whoever has one sees it.
      await page.locator('[data-testid=break-glass-submit]:enabled').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      await page.getByTestId('field-media').check();
      await fillPurpose(page, '客户称有人受伤，需立即听取');
      await page.getByTestId('understood').check();
      await page.getByTestId('break-glass-submit').click();
      await sign(page);
      await page.locator('[data-testid=request-state][data-state=pending]').waitFor();

      const first = (await pageOf('approver1', '/')).page;
      await first.getByRole('alert').getByText('紧急调取').waitFor();
      await first.getByRole('alert').getByRole('link').click();
      await first.getByTestId('approve').click();
      await sign(first);
      await passTime(page, ASKED_MS);
      await page.locator('[data-testid=request-state][data-state=live]').waitFor();

      await page.goto(stage().url + path);
      await page.getByTestId('field-media').check();
      await fillPurpose(page, '同一事件的另一通');
      await page.getByTestId('understood').check();
      await page.getByTestId('break-glass-submit').click();
      await page.getByText('上一次紧急调取尚未复核').waitFor();

      const second = (await pageOf('approver2', '/')).page;
      await second.getByTestId('review-banner').getByRole('link').click();
      await second.getByTestId('review').click();
      await second.getByTestId('justified').check();
      await sign(second);
      await second.getByTestId('review-banner').waitFor({ state: 'detached' });
      await page.getByTestId('break-glass-submit').click();
      await page.getByTestId('digest').waitFor();
    },
    LONG_MS,
  );

  test('the ledger says who looked at a call, and the browser proves each line by itself', async () => {
    const page = await stage().signedIn('auditor', '/settings');
    const id = await coreCall(page, 0);
    await page.goto(`${stage().url}/records/${id}`);
    await page.getByRole('link', { name: '在审计账本中查看' }).click();
    await page.getByTestId('ledger-row').first().waitFor();
    await page.locator('[data-testid=checkpoint-signature][data-state=good]').waitFor();
    await page.locator('[data-testid=witnessed][data-state=false]').waitFor();
    expect(await accessFaults(page)).toEqual([]);
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    for (const step of ['shown', 'included', 'signed']) {
      await page.locator(`[data-testid=proof-${step}][data-state=good]`).waitFor();
    }
    expect(await page.getByTestId('entry-facts').innerText()).toContain(id);
    await page.keyboard.press('Escape');
    const saved = page.waitForEvent('download');
    await page.getByTestId('ledger-export').click();
    expect((await saved).suggestedFilename()).toMatch(/^ledger-.*\.jsonl$/);
  });
}
