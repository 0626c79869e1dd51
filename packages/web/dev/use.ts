/** Uses the pages as people do, against `vite preview` on 4173: keys, playing, uploading, signing in. */
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';

const BASE = process.env['VOXKEEP_WEB_URL'] ?? 'http://127.0.0.1:4173';
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--headless',
    '--disable-gpu',
    '--autoplay-policy=no-user-gesture-required',
  ],
});
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  locale: 'zh-CN',
});
const page = await context.newPage();
const test = (id: string) => page.getByTestId(id);
const signIn = async (name: string) => {
  await context.request.delete(`${BASE}/api/v1/session`);
  await page.goto(`${BASE}/sign-in`);
  await test('sign-in-username').fill(name);
  await test('sign-in-password').fill('correct horse battery');
  await test('sign-in-submit').click();
};
const done = (what: string) => console.log(`ok  ${what}`);

await signIn('nobody');
await page.getByText('用户名或密码不正确').waitFor();
await signIn('locked');
await page.getByText('账号已锁定').waitFor();
await signIn('totp');
await test('sign-in-totp').fill('000000');
await test('sign-in-submit').click();
await page.getByText('验证码不正确').waitFor();
await test('sign-in-totp').fill('123456');
await test('sign-in-submit').click();
await test('search-table').waitFor();
done('sign-in: wrong, locked, second factor');

await page.keyboard.press('/');
await page.keyboard.type('退款');
await page.keyboard.press('Enter');
await page.waitForURL(/text=/);
await page.locator('mark').first().waitFor();
done('/ goes to the search box, Enter searches, matches are marked, the filter is in the address');

await page.getByText('清空条件').click();
await page.waitForURL(`${BASE}/`);
await page.keyboard.press('Escape');
await page
  .locator('h1')
  .first()
  .evaluate(() => (document.activeElement as HTMLElement).blur());
for (let at = 0; at < 3; at += 1) await page.keyboard.press('j');
await page.keyboard.press('k');
const chosen = await page
  .locator('[data-testid=search-row][aria-selected=true]')
  .getAttribute('data-index');
assert.equal(chosen, '1');
const body = page.locator('.results-body');
for (let at = 0; at < 110; at += 1) {
  await body.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await page.waitForTimeout(10);
}
await page.waitForFunction(() => document.querySelectorAll('[data-testid=search-row]').length < 80);
const height = await page.locator('.results-space').evaluate((box) => box.clientHeight);
const drawn = await test('search-row').count();
done(`scrolling loads more: ${height / 40} rows loaded, ${drawn} drawn`);
await body.evaluate((box) => box.scrollTo(0, 0));

await page.goto(`${BASE}/?issueType=${encodeURIComponent('身份核实')}`);
await test('search-row').first().waitFor();
await page.keyboard.press('j');
await page.keyboard.press('Enter');
await page.waitForURL(/records/);
await page.waitForSelector('[data-drawn=true]');
assert.ok((await test('masked-span').count()) > 0);
await page.keyboard.press('ArrowRight');
await page.waitForFunction(() =>
  document.querySelector('[data-testid=clock]')?.textContent?.startsWith('0:05'),
);
await page.keyboard.press('Space');
await page.waitForSelector('.spoken');
await page.keyboard.press('Space');
const turn = test('transcript-turn').nth(4);
await turn.locator('.turn-jump').click();
await page.waitForFunction(() =>
  document.querySelectorAll('.turn')[4]?.classList.contains('turn-current'),
);
done('space plays, arrows seek, the transcript follows and takes the sound along');
const before = page.url();
await page.locator('h1').click();
await page.keyboard.press('j');
await page.waitForFunction((url) => location.href !== url, before);
await page.keyboard.press('k');
await page.waitForURL(before);
assert.match(await test('retention-line').innerText(), /保存至 20\d\d-\d\d-\d\d/);
assert.ok((await test('refusal').count()) > 0);
done('j and k walk through the results; retention, refusals and trail are there');

await signIn('operator');
await page.waitForURL(`${BASE}/`);
assert.equal(await page.getByTestId('nav-search').count(), 0);
await test('nav-upload').click();
const metadata = {
  sourceSystem: 'pbx',
  sourceCallId: 'c-1',
  startedAt: '2026-11-23T02:00:00Z',
  agent: { id: '1001' },
};
await test('upload-drop').setInputFiles([
  { name: 'call.wav', mimeType: 'audio/wav', buffer: Buffer.alloc(200_000) },
  {
    name: 'call.json',
    mimeType: 'application/json',
    buffer: Buffer.from(JSON.stringify(metadata)),
  },
]);
await page.getByText('已从 call.json 读取').waitFor();
await test('upload-submit').click();
await test('upload-receipt').waitFor();
await page.waitForFunction(
  () => document.querySelector('[data-testid=upload-state]')?.textContent !== '已接收',
);
done(`upload: sidecar read, receipt ${await test('upload-record-id').innerText()}, state followed`);

await signIn('auditor');
await test('notice-bell').waitFor();
const bellSays = (words: string) =>
  page.locator(`[data-testid=notice-bell][aria-label*="${words}"]`).waitFor();
await bellSays('其中 1 条警报');
await page.keyboard.press('n');
await test('notice').first().waitFor();
const [alarm = ''] = await page.locator('.notices section').first().allInnerTexts();
assert.match(alarm, /^未读警报\s+有人使用了紧急调取/);
assert.ok((await page.locator('.notices h3').count()) > 2);
await page.keyboard.press('Escape');
assert.equal(await test('notices').count(), 0);
const focused = await page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
assert.equal(focused, 'notice-bell');
await page.keyboard.press('n');
await page.getByText('更早的通知').click();
await page.waitForFunction(() => document.querySelectorAll('[data-testid=notice]').length > 50);
await test('notice').first().click();
await page.waitForURL(/access\/requests\/0198c4d2/);
await page.goto(BASE);
await page.locator('[data-testid=notice-bell][aria-label="通知，6 条未读"]').waitFor();
await test('notice-bell').click();
await test('notices-read-all').click();
await bellSays('无未读');
await page.mouse.click(20, 500);
assert.equal(await test('notices').count(), 0);
done('notices: alarms on top, by day, older ones, opened and read, n and Escape, focus goes back');

await page.clock.install();
await page.goto(BASE);
await test('notice-bell').waitFor();
let asked = 0;
page.on('request', (sent) => {
  if (sent.url().includes('/api/v1/notices')) asked += 1;
});
const pass = async (minutes: number) => {
  for (let half = 0; half < minutes * 2; half += 1) {
    await page.clock.runFor(30_000);
    await page.waitForTimeout(400);
  }
};
await pass(2);
const whileSeen = asked;
assert.ok(whileSeen >= 2 && whileSeen <= 5, `${whileSeen} requests in two minutes`);
const hide = (hidden: boolean) =>
  page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    },
    hidden ? 'hidden' : 'visible',
  );
await hide(true);
await pass(5);
assert.equal(asked, whileSeen);
await hide(false);
await page.clock.runFor(1000);
await page.waitForTimeout(300);
assert.ok(asked > whileSeen);
done('notices are asked for every half minute, not while the page is hidden, and when it is back');

await signIn('admin');
await test('nav-accounts').click();
await test('issue-key').click();
await page.getByLabel('密钥用途').fill('IPPBX');
await page.locator('.ant-modal button[type=submit]').click();
await test('issued-key').waitFor();
done('an API key is shown once');
await browser.close();
