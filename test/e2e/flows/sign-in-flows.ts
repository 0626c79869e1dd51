import { expect, test } from 'vitest';
import { totpCode } from '../../../packages/server/src/access/totp.testing.ts';
import { fillSignIn, type Stage } from '../stage.ts';

const NEW_PASSWORD = '换一把更长的钥匙-2026';

/** Signing in, the second factor, one's own password, and a session that ends under one's hands. */
export function signInFlows(stage: () => Stage): void {
  test('a wrong password is told without saying which of the two was wrong', async () => {
    const page = await stage().anyone();
    await page.goto(stage().url);
    await fillSignIn(page, 'qa', 'not-the-password');
    const told = page.getByRole('alert');
    await told.getByText('用户名或密码不正确').waitFor();
    await fillSignIn(page, 'nobody-of-that-name', 'not-the-password');
    await told.getByText('用户名或密码不正确').waitFor();
    expect(page.url()).toContain('/sign-in');
  });

  test('a name that failed ten times is locked, and the page says for how long', async () => {
    const page = await stage().anyone();
    await page.goto(`${stage().url}/sign-in`);
    await page.evaluate(`(async () => {
      const body = JSON.stringify({ username: 'trainer', password: 'wrong-wrong' });
      const headers = { 'content-type': 'application/json', 'x-voxkeep-csrf': '1' };
      for (let time = 0; time < 10; time += 1) {
        await fetch('/api/v1/session', { method: 'POST', headers, body });
      }
    })()`);
    await fillSignIn(page, 'trainer', stage().archive.account('trainer').password);
    await page.getByRole('alert').getByText('账号已锁定').waitFor();
  });

  test('somebody sets up a second factor in their settings and signs in with its code from then on', async () => {
    const page = await stage().signedIn('regulator');
    const { password } = stage().archive.account('regulator');
    await page.getByTestId('account-menu').click();
    await page.getByRole('menuitem', { name: '个人设置' }).click();
    await page.getByTestId('factor-begin').click();
    await page.getByLabel('请先输入密码').fill('not-the-password');
    await page.getByTestId('factor-next').click();
    await page.getByText('当前密码不正确').waitFor();
    await page.getByLabel('请先输入密码').fill(password);
    await page.getByTestId('factor-next').click();
    await page.getByRole('img', { name: '动态验证码的二维码' }).waitFor();
    const secret = (await page.getByTestId('factor-secret').innerText()).replace(/[^A-Z2-7]/g, '');
    const uri = `otpauth://totp/x?secret=${secret}`;
    await page.getByTestId('factor-code').fill('000000');
    await page.getByTestId('factor-enable').click();
    await page.getByText('验证码不正确').waitFor();
    await page.getByTestId('factor-code').fill(totpCode(uri));
    await page.getByTestId('factor-enable').click();
    await page.locator('[data-testid=second-factor] [data-on=true]').waitFor();

    const next = await stage().anyone();
    await next.goto(stage().url);
    await fillSignIn(next, 'regulator', password);
    await next.getByTestId('sign-in-totp').fill(totpCode(uri, 1));
    await next.getByTestId('sign-in-submit').click();
    await next.getByTestId('account-menu').waitFor();
  });

  test('a changed password ends the session, and only the new one opens the next', async () => {
    const page = await stage().signedIn('analyst');
    const old = stage().archive.account('analyst').password;
    await page.goto(`${stage().url}/settings`);
    const fill = async (current: string, again: string) => {
      await page.getByLabel('当前密码').fill(current);
      await page.getByLabel('新密码', { exact: true }).fill(NEW_PASSWORD);
      await page.getByLabel('再输一遍新密码').fill(again);
      await page.getByTestId('change-password').click();
    };
    await fill(old, 'something-else-entirely');
    await page.getByText('两次输入不一致').waitFor();
    await fill('not-the-password', NEW_PASSWORD);
    await page.getByText('当前密码不正确').waitFor();
    await fill(old, NEW_PASSWORD);
    await page.getByText('密码已修改').waitFor();
    await fillSignIn(page, 'analyst', old);
    await page.getByText('用户名或密码不正确').waitFor();
    await fillSignIn(page, 'analyst', NEW_PASSWORD);
    await page.getByTestId('account-menu').waitFor();
  });

  test('whoever signs out is out, and nothing of theirs is left on the screen', async () => {
    const page = await stage().anyone();
    await page.goto(stage().url);
    await fillSignIn(page, 'lead', stage().archive.account('lead').password);
    await page.getByTestId('search-row').first().waitFor();
    await page.getByTestId('account-menu').click();
    await page.getByRole('menuitem', { name: '退出登录' }).click();
    await page.getByTestId('sign-in-username').waitFor();
    expect(await page.getByTestId('search-row').count()).toBe(0);
    await page.goto(stage().url);
    await page.waitForURL(/\/sign-in/);
  });

  test('when the session ends under one’s hands, signing in leads back to where one was', async () => {
    const page = await stage().anyone();
    await page.goto(`${stage().url}/?tier=sensitive`);
    const { password } = stage().archive.account('auditor');
    await fillSignIn(page, 'auditor', password);
    await page.getByTestId('search-row').first().waitFor();
    expect(new URL(page.url()).search).toBe('?tier=sensitive');
    await page.context().clearCookies();
    await page.getByTestId('search-submit').click();
    await page.waitForURL(/\/sign-in\?to=/);
    await fillSignIn(page, 'auditor', password);
    await page.getByTestId('search-row').first().waitFor();
    expect(new URL(page.url()).search).toBe('?tier=sensitive');
  });
}
