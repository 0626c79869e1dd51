import { existsSync } from 'node:fs';
import type { Trail } from '@voxkeep/contract';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { archivedLongCall } from '../../bench/measure/long-call.ts';
import { TestArchive } from '../../bench/prove/test-archive.ts';
import { fillSignIn, WHOLE_CHROMIUM } from './stage.ts';

const SEEKING_MS = 30_000;
const LISTENING_MS = 15_000;
/** Of a call in two channels of PCM16 at 8 kHz. */
const BYTES_A_SECOND = 32_000;
const ALLOWANCE_BYTES = 4.5 * 1024 * 1024;

const archive = new TestArchive();
let browser: Browser;
let id: string;

describe.skipIf(!existsSync(WHOLE_CHROMIUM))('a quarter of an hour of talk', () => {
  beforeAll(async () => {
    await archive.start();
    id = await archivedLongCall(archive);
    browser = await chromium.launch({
      executablePath: WHOLE_CHROMIUM,
      args: ['--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run'],
    });
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await archive.stop();
    archive.remove();
  });

  test('who seeks wildly in it and then listens at twice the speed hears it without a stop, and nobody is told', async () => {
    const page = await opened();
    const started = performance.now();
    let seeks = 0;
    while (performance.now() - started < SEEKING_MS) {
      seeks += 1;
      const wave = await page.locator('.wave-canvas').boundingBox();
      if (wave === null) throw new Error('no waveform');
      const share = (seeks * 0.618_034) % 0.9;
      await page.mouse.click(wave.x + wave.width * share, wave.y + wave.height / 4);
      await page.waitForTimeout(150);
    }
    for (let step = 0; step < 3; step += 1) await page.keyboard.press(']');
    expect(await media(page, 'playbackRate')).toBe(2);
    // Until it has what it needs to go on, wherever the last seek led.
    await expect.poll(() => media(page, 'readyState'), { timeout: 10_000 }).toBe(4);
    const before = Number(await media(page, 'currentTime'));
    await page.waitForTimeout(LISTENING_MS);
    const heardS = Number(await media(page, 'currentTime')) - before;
    expect(heardS).toBeGreaterThan((LISTENING_MS / 1000) * 2 * 0.9);
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(seeks).toBeGreaterThan(40);
    expect(await actions()).not.toContain('record.play_fast');
  }, 120_000);

  test('who copies it in eight pieces at a time gets it at four times the speed at most, and it is told', async () => {
    const ticket = await archive.ticket('trainer', id);
    const started = performance.now();
    const pieceBytes = Math.ceil((ALLOWANCE_BYTES + 20 * BYTES_A_SECOND) / 8);
    await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        const range = `bytes=${at * pieceBytes}-${(at + 1) * pieceBytes - 1}`;
        const path = `/records/${id}/media?ticket=${ticket}`;
        const { status } = await archive.ask('trainer', 'GET', path, undefined, { range });
        expect(status).toBe(206);
      }),
    );
    expect((performance.now() - started) / 1000).toBeGreaterThan(20 / 4 - 1);
    expect(await actions()).toContain('record.play_fast');
  }, 60_000);
});

async function opened(): Promise<Page> {
  const context = await browser.newContext({
    ...{ ignoreHTTPSErrors: true, locale: 'zh-CN', viewport: { width: 1440, height: 900 } },
  });
  const page = await context.newPage();
  const qa = archive.accounts.accounts.find(({ username }) => username === 'qa');
  await page.goto(`${archive.url}/sign-in`);
  await fillSignIn(page, 'qa', qa?.password ?? '');
  await page.getByTestId('account-menu').waitFor();
  await page.goto(`${archive.url}/records/${id}`);
  await page.locator('[data-drawn=true]').first().waitFor();
  await page.getByTestId('play-button').click();
  await expect.poll(() => media(page, 'currentTime'), { timeout: 20_000 }).toBeGreaterThan(0.3);
  return page;
}

const media = (page: Page, property: string) =>
  page.evaluate<number>(`document.querySelector('audio').${property}`);

async function actions(): Promise<string[]> {
  const trail = await archive.json<Trail>('auditor', `/records/${id}/trail?limit=200`);
  return trail.entries.map(({ action }) => action);
}
