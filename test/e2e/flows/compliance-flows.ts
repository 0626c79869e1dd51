import type { RetentionPreview } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { accessFaults, eventually, type Stage } from '../stage.ts';

/** Several people do several things in each; a busy machine gets its time. */
const LONG_MS = 120_000;
const MATTER = '设备召回纠纷（2026）沪 0101 民初 588 号';

/** What officers do all day: keep what is disputed, and change rules that others rely on. */
export function complianceFlows(stage: () => Stage): void {
  test(
    'an officer holds what a search finds, its custodian says they have read it, a colleague releases it',
    async () => {
      const page = await stage().signedIn('compliance', '/?issueType=设备故障');
      await page.getByTestId('hold-whole').click();
      const found = await page.getByTestId('held-reach').innerText();
      const reach = Number(/\d+/.exec(found)?.[0]);
      expect(reach).toBeGreaterThan(0);
      await page.getByTestId('hold-matter').fill(MATTER);
      await page.getByTestId('hold-reason').fill('法务部来函，涉诉期间不得处置');
      await page.getByRole('combobox', { name: '保管人' }).click();
      await page.locator('.ant-select-item-option').getByText('客服 001').click();
      await page.keyboard.press('Escape');
      expect(await accessFaults(page)).toEqual([]);
      await page.getByTestId('hold-submit').click();
      await page.waitForURL(/\/compliance\/holds\/[0-9a-f-]{36}$/);
      await page.getByTestId('hold-caught-up').waitFor();
      const held = (of: Page) => of.getByTestId('hold-records-count').innerText();
      await eventually(() => held(page)).toBe(String(reach));
      await eventually(() => page.getByTestId('held-record').count()).toBe(reach);
      // Whoever placed it does not end it, and is told whom to ask.
      expect(await page.getByTestId('hold-release').isDisabled()).toBe(true);
      await page.getByText('须由另一位合规人员解除').first().waitFor();
      expect(await accessFaults(page)).toEqual([]);
      const id = page.url().split('/').at(-1) as string;

      const agent = await stage().signedIn('agent001', `/hold-notices/${id}`);
      await agent.getByText(MATTER).waitFor();
      expect(await accessFaults(agent)).toEqual([]);
      await agent.getByTestId('acknowledge').click();
      await agent.getByTestId('notice-said').waitFor();
      await page.reload();
      await page.locator('[data-testid=custodian][data-said=true]').waitFor();

      const other = await stage().signedIn('compliance2', '/compliance/holds');
      await other.getByRole('link', { name: MATTER }).click();
      await other.getByTestId('hold-drop').first().click();
      await other.getByTestId('reason').fill('与本案无关');
      await other.getByTestId('reason-confirm').click();
      await eventually(() => held(other)).toBe(String(reach - 1));
      await other.getByTestId('hold-release').click();
      await other.getByTestId('reason').fill('双方已和解');
      await other.getByTestId('reason-confirm').click();
      await other.locator('[data-testid=hold-state][data-state=released]').waitFor();
      expect(await other.getByTestId('hold-released').innerText()).toMatch(
        /合规专员[\s\S]*双方已和解/,
      );
      await eventually(() => held(other)).toBe('0');
      await other.goto(`${stage().url}/compliance/holds?state=released`);
      await other.getByTestId('hold').getByText(MATTER).waitFor();
    },
    LONG_MS,
  );

  test(
    'rules that shorten are seen call by call first; they take a word said aloud and a second officer',
    async () => {
      const page = await stage().signedIn('compliance', '/compliance/rules');
      const before = await version(page);
      await page.getByTestId('edit-rules').click();
      const text = page.getByTestId('rules-text');
      const rules = await text.inputValue();
      await text.fill(rules.replace('id: tier-core', 'id: Tier Core'));
      await page.getByTestId('preview-rules').click();
      const problems = page.getByTestId('rule-problems');
      await problems.getByText('profiles/1/id').waitFor();
      expect(await accessFaults(page)).toEqual([]);
      const line = rules.split('\n').findIndex((one) => one.includes('id: tier-core')) + 1;
      await problems.getByRole('button', { name: `第 ${line} 行` }).click();
      const chosen = 'document.activeElement.value.slice(0, document.activeElement.selectionStart)';
      expect((await page.evaluate<string>(chosen)).split('\n').length).toBe(line);

      const shorter = rules.replace(/(id: tier-core\n.*\n *keep: \{ years: )5/, '$14');
      expect(shorter).not.toBe(rules);
      await text.fill(shorter);
      const answer = page.waitForResponse(/\/retention\/rules\/preview$/);
      await page.getByTestId('preview-rules').click();
      const { digest, counts } = (await (await answer).json()) as RetentionPreview;
      expect(counts.shorter).toBeGreaterThan(0);
      const shown = page.getByTestId('preview-shorter');
      await shown.waitFor();
      expect(await shown.innerText()).toContain(String(counts.shorter));
      const first = page.locator('[data-testid=preview-line][data-change=shorter]').first();
      await first.getByRole('button').click();
      const example = page.locator('.preview-examples a').first();
      expect(await example.getAttribute('href')).toMatch(/^\/records\/[0-9a-f-]{36}$/);
      expect(await accessFaults(page)).toEqual([]);
      // Not said aloud, it is not sent; sent by another way, it is refused.
      expect(await page.getByTestId('apply-rules').isDisabled()).toBe(true);
      expect(await apply(page, { rules: shorter, digest })).toEqual([409, 'RETENTION_SHORTENS']);
      await page.getByTestId('accept-shorter').check();
      await page.getByTestId('apply-rules').click();
      await page.getByTestId('waiting-rules').getByText('由您提出').waitFor();
      expect(await version(page)).toBe(before);
      await page.getByTestId('look-at-waiting').click();
      await page.getByTestId('apply-own').waitFor();

      const other = await stage().signedIn('compliance2', '/compliance');
      await other.getByTestId('todo-rulesWaiting').getByRole('link').click();
      await other.getByTestId('look-at-waiting').click();
      await other.locator('[data-testid=preview-line][data-change=shorter]').first().waitFor();
      expect(await other.getByTestId('rules-text').getAttribute('readonly')).not.toBeNull();
      await other.getByTestId('accept-shorter').check();
      await other.getByTestId('apply-rules').click();
      await eventually(() => version(other)).toBe(before + 1);
      expect(await other.getByTestId('waiting-rules').count()).toBe(0);
    },
    LONG_MS,
  );

  test('every number of the overview leads to its list; auditors look and change nothing, others are told the rule', async () => {
    const page = await stage().signedIn('compliance');
    await page.getByTestId('nav-compliance').click();
    for (const [figure, path] of [
      ['rules', '/compliance/rules'],
      ['holds', '/compliance/holds'],
    ] as const) {
      await page.getByTestId('subnav-overview').click();
      await page.getByTestId(`figure-${figure}`).click();
      await page.waitForURL(`**${path}`);
      await page.locator(`[data-testid=subnav-${figure}][aria-current=page]`).waitFor();
    }
    await page.getByTestId('subnav-audits').click();
    await page.locator('[data-testid=nav-compliance][aria-current=page]').waitFor();

    const auditor = await stage().signedIn('auditor', '/compliance');
    await auditor.getByTestId('figure-rules').waitFor();
    expect(await auditor.getByTestId('overview-requests').count()).toBe(0);
    expect(await auditor.getByTestId('subnav-requests').count()).toBe(0);
    await auditor.getByTestId('figure-rules').click();
    await auditor.getByTestId('rules').waitFor();
    expect(await auditor.getByTestId('edit-rules').count()).toBe(0);
    await auditor.getByTestId('subnav-holds').click();
    await auditor.locator('[data-testid=holds], [data-testid=holds-empty]').first().waitFor();
    expect(await auditor.getByTestId('new-hold').count()).toBe(0);

    for (const path of ['/compliance', '/compliance/rules', '/compliance/holds']) {
      const qa = await stage().signedIn('qa', path);
      const refusal = qa.getByTestId('refusal');
      await refusal.waitFor();
      expect(await refusal.innerText()).toMatch(/依据规则[\s\S]*可向谁申请/);
      expect(await qa.getByTestId('nav-compliance').count()).toBe(0);
    }
  });
}

/** The number of the rules in force. */
async function version(page: Page): Promise<number> {
  const shown = page.getByTestId('rules-version');
  return Number(await shown.getAttribute('data-number'));
}

/** Asks for rules without a word that shorter is meant: status and code of the answer. */
function apply(page: Page, body: { rules: string; digest: string }): Promise<[number, string]> {
  return page.evaluate(async (text) => {
    const headers = { 'x-voxkeep-csrf': '1', 'content-type': 'application/json' };
    const answer = await fetch('/api/v1/retention/rules', { method: 'POST', headers, body: text });
    return [answer.status, ((await answer.json()) as { code: string }).code] as [number, string];
  }, JSON.stringify(body));
}
