import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SessionView } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ZHAO } from '../directory.ts';
import { accessFaults, ask, eventually, fillSignIn, type Stage } from '../stage.ts';

const SAMPLES = resolve(import.meta.dirname, '../../../samples');
const FIRST_PASSWORD = '第一次登录用的长口令-2026';

/** What operators and administrators do: take calls in, see to those that stopped, keep accounts. */
export function workFlows(stage: () => Stage): void {
  test('a call with its details and transcript is uploaded and followed until it is archived', async () => {
    const page = await upload('uploaded-by-hand');
    await page.getByTestId('upload-submit').click();
    const receipt = page.getByTestId('upload-receipt');
    await receipt.getByText('已接收，正在处理').waitFor();
    await page.locator('[data-testid=upload-receipt][data-state=archived]').waitFor();
    // Once more, with the same bytes: known, and nothing is taken twice.
    await page.getByRole('button', { name: '再传一通' }).click();
    await chooseFiles(page, 'uploaded-by-hand');
    await page.getByTestId('upload-submit').click();
    await receipt.getByText('此前已接收').waitFor();
  });

  test('what is missing or wrong is said at its field, and what is no recording by its name', async () => {
    const page = await stage().signedIn('operator', '/upload');
    await page.getByTestId('upload-submit').click();
    await eventually(() => page.getByText('此项必填').count()).toBeGreaterThanOrEqual(4);
    await page
      .getByTestId('upload-drop')
      .setInputFiles([
        { name: 'notes.xyz', mimeType: 'application/octet-stream', buffer: Buffer.from('x') },
      ]);
    await page.getByText('无法识别的文件：notes.xyz').waitFor();
    await chooseFiles(page, 'from-the-future', { startedAt: '2205-01-01T00:00:00+08:00' });
    await page.getByTestId('upload-submit').click();
    const field = page.locator('.ant-form-item', { hasText: '通话开始时间' });
    await field.getByText('须在 1980 至 2099 年之间').waitFor();
    await page.getByTestId('problem').getByText('通话信息有误').waitFor();
  });

  test('an upload under way can be called off', async () => {
    const page = await upload('called-off');
    await page.route('**/api/v1/records', () => undefined);
    await page.getByTestId('upload-submit').click();
    await page.getByRole('button', { name: '取消上传' }).click();
    await page.getByText('上传已取消').waitFor();
    await page.getByTestId('upload-submit').waitFor();
  });

  test('a call that stopped says why and what to do, is filtered, and goes its way again when asked', async () => {
    const page = await stage().signedIn('operator', '/upload');
    await chooseFiles(page, 'without-transcript', {}, false);
    await page.getByTestId('upload-submit').click();
    await page.locator('[data-testid=upload-receipt][data-state=quarantined]').waitFor();
    await page.getByTestId('upload-receipt').getByText('没有转写。').waitFor();
    await page.getByTestId('nav-jobs').click();
    await page.getByRole('button', { name: /隔离待处理/ }).click();
    await page.waitForURL(/state=quarantined/);
    const row = page.getByTestId('jobs-table').getByRole('row', { name: /没有转写/ });
    expect(await row.innerText()).toContain('未经转写的录音无法脱敏');
    expect(await row.innerText()).not.toMatch(/speech engine/);
    await row.getByRole('button', { name: '重新处理' }).click();
    await page.getByText('已重新排入处理').waitFor();
  });

  test('calls that the drop folder refused are told with reason and field', async () => {
    const folder = join(stage().archive.data, 'drop/refused');
    mkdirSync(folder, { recursive: true });
    const receipt = {
      ...{ format: 'voxkeep/drop-receipt/v1', name: 'line-7', at: new Date().toISOString() },
      ...{ code: 'RECORD_DISPOSED', reason: 'disposed of', removed: false },
    };
    writeFileSync(join(folder, 'line-7.json'), JSON.stringify(receipt));
    const page = await stage().signedIn('operator', '/jobs');
    const refused = page.getByTestId('refused-drops');
    await refused.getByText('line-7').waitFor();
    expect(await refused.innerText()).toContain('已依规处置');
    expect(await refused.innerText()).toContain('仍在目录中');
  });

  test('an account is made, moved to another role, locked and let in again', async () => {
    const page = await stage().signedIn('admin');
    await page.getByTestId('account-create').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('用户名').fill('newcomer');
    await dialog.getByLabel('姓名').fill('新同事');
    await dialog.getByLabel('人员工号').fill('N-0042');
    await dialog.getByLabel('初始密码').fill(FIRST_PASSWORD);
    await dialog.getByRole('combobox', { name: '角色' }).click();
    await page.locator('.ant-select-item-option').getByText('质检', { exact: true }).click();
    await dialog.getByRole('button', { name: '创建' }).click();
    const row = page.getByRole('row', { name: /newcomer/ });
    await row.getByText('质检').waitFor();

    await page.getByTestId('account-more-newcomer').click();
    await page.getByRole('menuitem', { name: '修改角色…' }).click();
    await dialog.getByRole('combobox', { name: '角色' }).click();
    await page.locator('.ant-select-item-option').getByText('班组长').click();
    await dialog.getByRole('button', { name: '保存' }).click();
    await dialog.getByText('此项必填').waitFor();
    await dialog.getByLabel('班组', { exact: true }).fill('二组');
    await dialog.getByRole('button', { name: '保存' }).click();
    await row.getByText('班组长').waitFor();
    expect(await row.innerText()).toContain('二组');

    await row.getByRole('button', { name: '锁定' }).click();
    await page.getByRole('dialog').getByRole('button', { name: '锁定' }).click();
    await row.getByRole('button', { name: '解锁' }).waitFor();
    const other = await stage().anyone();
    await other.goto(stage().url);
    await fillSignIn(other, 'newcomer', FIRST_PASSWORD);
    await other.getByRole('alert').getByText('账号已锁定').waitFor();
    await row.getByRole('button', { name: '解锁' }).click();
    await row.getByRole('button', { name: '锁定' }).waitFor();
    await fillSignIn(other, 'newcomer', FIRST_PASSWORD);
    await other.getByTestId('account-menu').waitFor();
    // Nobody locks or moves themselves.
    const own = page.getByRole('row', { name: /系统管理员/ });
    expect(await own.getByRole('button', { name: '锁定' }).isDisabled()).toBe(true);
  });

  test('an administrator links an account to somebody of the directory, who signs in as that account', async () => {
    const page = await stage().signedIn('admin');
    const dialog = page.getByRole('dialog');
    const link = async (username: string) => {
      await page.getByTestId(`account-more-${username}`).click();
      await page.getByRole('menuitem', { name: '关联单位账号…' }).click();
      await dialog.getByLabel('固定标识').fill(ZHAO.id);
    };
    await link('trainer');
    expect(await accessFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: '关联' }).click();
    await dialog.waitFor({ state: 'detached' });
    const row = page.getByRole('row', { name: /培训/ });
    await row.getByText('域账号').waitFor();
    await link('lead');
    await dialog.getByRole('button', { name: '关联' }).click();
    await dialog.getByRole('alert').getByText('该单位账号已关联另一账号').waitFor();

    const zhao = await stage().anyone();
    await zhao.goto(`${stage().url}/sign-in`);
    await zhao.getByRole('button', { name: '域账号' }).click();
    await fillSignIn(zhao, ZHAO.name, ZHAO.password);
    await zhao.getByTestId('account-menu').waitFor();
    const { json } = await ask<SessionView>(zhao, '/session');
    expect(json.actor).toMatchObject({ username: 'trainer', role: 'trainer' });
  });

  test('an API key is shown once and never again', async () => {
    const page = await stage().signedIn('admin');
    await page.getByTestId('issue-key').click();
    await page.getByLabel('密钥用途').fill('门店录音');
    await page.getByRole('button', { name: '签发', exact: true }).click();
    const key = (await page.getByTestId('issued-key').innerText()).trim();
    expect(key).toMatch(/^vk_/);
    await page.getByRole('button', { name: '我已保存' }).click();
    await page
      .getByRole('row', { name: /门店录音/ })
      .getByText('有效')
      .waitFor();
    await page.reload();
    await page.getByRole('row', { name: /门店录音/ }).waitFor();
    expect((await page.content()).includes(key)).toBe(false);
  });

  async function upload(sourceCallId: string): Promise<Page> {
    const page = await stage().signedIn('operator', '/upload');
    await chooseFiles(page, sourceCallId);
    return page;
  }
}

/** A sample's files under another call id, dropped together. */
export async function chooseFiles(
  page: Page,
  sourceCallId: string,
  more: object = {},
  withTranscript = true,
): Promise<void> {
  const read = (name: string) => readFileSync(join(SAMPLES, name));
  const details = { ...JSON.parse(read('01-enquiry.json').toString()), sourceCallId, ...more };
  const json = 'application/json';
  await page
    .getByTestId('upload-drop')
    .setInputFiles([
      { name: 'call.wav', mimeType: 'audio/wav', buffer: read('01-enquiry.wav') },
      { name: 'call.json', mimeType: json, buffer: Buffer.from(JSON.stringify(details)) },
      ...(withTranscript
        ? [{ name: 'words.json', mimeType: json, buffer: read('01-enquiry.transcript.json') }]
        : []),
    ]);
  await page.getByText('已从 call.json 读取通话信息').waitFor();
}
