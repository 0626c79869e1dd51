import type { RecordView, SearchResult, Trail, TranscriptView } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { ask, eventually, LONGEST_FRAME, passTime, readyToPassTime, type Stage } from '../stage.ts';

/** Listening, reading and proving: one call on its page. */
export function recordFlows(stage: () => Stage): void {
  const find = async (page: Page, query: string) => {
    const { json } = await ask<SearchResult>(page, `/records?${query}`);
    return json.hits[0]?.id as string;
  };
  const known = new Map<string, string>();
  const open = async (user: string, query: string, drawn = '[data-drawn=true]') => {
    const id = known.get(query) ?? (await find(await stage().signedIn('qa', '/settings'), query));
    known.set(query, id);
    const page = await stage().signedIn(user, `/records/${id}`);
    await page.locator(drawn).first().waitFor();
    return { page, id };
  };

  test('space plays and stops, arrows seek by five seconds, brackets change the speed, a click seeks', async () => {
    const { page } = await open('qa', 'issueType=身份核实');
    await eventually(() => media(page, 'readyState')).toBeGreaterThan(0);
    await page.keyboard.press('ArrowRight');
    await eventually(() => media(page, 'currentTime')).toBeCloseTo(5, 0);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowLeft');
    await eventually(() => media(page, 'currentTime')).toBeCloseTo(5, 0);
    await page.keyboard.press(']');
    await eventually(() => media(page, 'playbackRate')).toBe(1.25);
    await page.keyboard.press('Space');
    await eventually(() => media(page, 'currentTime')).toBeGreaterThan(5.3);
    await page.keyboard.press('Space');
    expect(await media(page, 'paused')).toBe(true);
    const wave = await page.locator('.wave-canvas').boundingBox();
    if (wave === null) throw new Error('no waveform');
    await page.mouse.click(wave.x + wave.width / 2, wave.y + wave.height / 4);
    const half = Number(await media(page, 'duration')) / 2;
    await eventually(() => media(page, 'currentTime')).toBeCloseTo(half, 0);
  });

  test('the transcript follows the sound, and a click on a word takes the sound there', async () => {
    const { page } = await open('qa', 'issueType=身份核实', '[data-testid=transcript-turn]');
    const turn = page.getByTestId('transcript-turn').nth(4);
    await turn.locator('[data-start]').first().click();
    await eventually(() => turn.getAttribute('aria-current')).toBe('true');
    // The words may be there before the sound, which then begins when it has come.
    await eventually(() => media(page, 'paused')).toBe(false);
    await page.keyboard.press('Space');
  });

  test('a seek after a long pause, and a ticket that is refused, are mended before anyone sees them', async () => {
    const page = await stage().signedIn('qa', '/settings');
    const id = await find(page, 'issueType=身份核实');
    const tickets = new Set<string>();
    await page.route('**/media?ticket=*', (route) => {
      const ticket = new URL(route.request().url()).searchParams.get('ticket') ?? '';
      tickets.add(ticket);
      // The first one comes too late, as one does after a night's pause.
      if (tickets.size > 1) return route.continue();
      return route.fulfill({ status: 401, json: { code: 'TICKET_EXPIRED' } });
    });
    await page.goto(`${stage().url}/records/${id}`);
    await eventually(() => media(page, 'readyState')).toBeGreaterThan(0);
    expect(tickets.size).toBe(2);
    await page.keyboard.press('Space');
    await eventually(() => media(page, 'currentTime')).toBeGreaterThan(0.3);
    await page.keyboard.press('Space');
    await page.evaluate('{ const now = Date.now; Date.now = () => now() + 180_000; }');
    await page.keyboard.press('ArrowRight');
    await eventually(() => tickets.size).toBe(3);
    await eventually(() => media(page, 'currentTime')).toBeGreaterThan(5);
    expect(await media(page, 'paused')).toBe(true);
    await page.keyboard.press('Space');
    await eventually(() => media(page, 'currentTime')).toBeGreaterThan(6);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.keyboard.press('Space');
    await page.unrouteAll();
  });

  test('every value on the page is in words: industry, retention, tier, direction, findings', async () => {
    const { page } = await open('qa', 'channel=video');
    const shown = await page.locator('main').innerText();
    for (const word of [
      '电信',
      '老年客户',
      '视频',
      '呼入',
      '核心层',
      '保存至',
      '依据本单位制度要求',
    ]) {
      expect(shown).toContain(word);
    }
    for (const code of ['telecom', 'requirement', 'inbound', 'video_joined']) {
      expect(shown, code).not.toMatch(new RegExp(`(?<![\\w.-])${code}(?![\\w.-])`));
    }
  });

  test('moments at one second are written one below the other, none over another', async () => {
    const { page } = await open('qa', 'channel=video');
    const boxes = await Promise.all(
      (await page.locator('.event button').all()).map((button) => button.boundingBox()),
    );
    expect(boxes.length).toBeGreaterThan(3);
    for (const [index, one] of boxes.entries()) {
      for (const other of boxes.slice(index + 1)) {
        if (one === null || other === null) throw new Error('a moment is not drawn');
        const apart =
          one.x + one.width <= other.x + 1 ||
          other.x + other.width <= one.x + 1 ||
          one.y + one.height <= other.y + 1 ||
          other.y + other.height <= one.y + 1;
        expect(apart).toBe(true);
      }
    }
  });

  test('a video plays in a browser without H.265, and its room is kept before it comes', async () => {
    const { page } = await open('qa', 'channel=video');
    const before = await page.locator('video').boundingBox();
    expect(before?.height).toBeGreaterThan(200);
    await page.keyboard.press('Space');
    await eventually(() => media(page, 'currentTime')).toBeGreaterThan(0.3);
    expect(await media(page, 'videoWidth')).toBeGreaterThan(0);
    expect((await page.locator('video').boundingBox())?.height).toBe(before?.height);
    await page.keyboard.press('Space');
  });

  test('compliance sees whose call it is, until when and who looked, no content, and asks for none', async () => {
    const { page, id } = await open('compliance', 'issueType=身份核实', '[data-testid=trail] li');
    expect(await page.getByTestId('retention-line').innerText()).toMatch(/期限未定.*2036|保存至/);
    // The lines of the trail come after the page.
    await page.getByTestId('trail').getByText('质检员').first().waitFor();
    expect(await page.locator('audio, video').count()).toBe(0);
    expect(await page.getByTestId('transcript-turn').count()).toBe(0);
    expect(await page.getByText('未填写备注').count()).toBe(0);
    // Refusals are told once for all that they refuse.
    const refusals = page.getByTestId('refusal');
    expect(await refusals.count()).toBe(1);
    expect(await refusals.innerText()).toContain('播放、查看转写、下载、导出、调取原件');
    const ownEntries = async () => {
      const { json } = await ask<Trail>(page, `/records/${id}/trail?limit=200`);
      return json.entries.filter(({ role }) => role === 'compliance');
    };
    // A look is told of once the ledger has it; the page did not wait for that.
    await eventually(async () => (await ownEntries()).length).toBeGreaterThan(0);
    const own = await ownEntries();
    expect(own.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
  });

  test('the watermark with the viewer and this minute lies over player, picture and transcript, zoomed and on paper', async () => {
    const { page } = await open('qa', 'channel=video', '[data-testid=transcript-turn]');
    await readyToPassTime(page);
    await page.reload();
    await page.getByTestId('transcript-turn').first().waitFor();
    const mark = page.getByTestId('watermark');
    const text = (await mark.textContent()) ?? '';
    const [, at = ''] = /· qa · (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/.exec(text) ?? [];
    expect(text).toContain('质检');
    const shownAt = Date.parse(`${at.replace(' ', 'T')}+08:00`);
    expect(Math.abs(Date.now() - shownAt)).toBeLessThan(60_000);
    // Not only there, but drawn: each of them looks otherwise without it.
    for (const part of ['.picture', '.wave-canvas', '.turns']) {
      const place = page.locator(part);
      const marked = await place.screenshot();
      await page.evaluate("document.querySelector('.watermark').style.visibility = 'hidden'");
      const bare = await place.screenshot();
      await page.evaluate("document.querySelector('.watermark').style.visibility = ''");
      expect(marked.equals(bare), part).toBe(false);
    }
    // Never in the way of a click.
    await page.getByTestId('transcript-turn').first().locator('[data-start]').first().click();
    await eventually(() => media(page, 'paused')).toBe(false);
    await page.keyboard.press('Space');
    await page.evaluate("document.body.style.zoom = '2'");
    const box = await mark.boundingBox();
    expect([box?.x, box?.y]).toEqual([0, 0]);
    expect(box?.width).toBeGreaterThanOrEqual(1440);
    await page.evaluate("document.body.style.zoom = ''");
    await page.emulateMedia({ media: 'print' });
    expect(await mark.isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    // Three times a minute it says the time anew.
    await passTime(page, 20_000);
    await eventually(() => mark.textContent()).not.toBe(text);
  });

  test('on paper there are exact times and no controls, dark ink also from a dark screen', async () => {
    const { page } = await open('auditor', 'tier=basic');
    // The first look is on the ledger by the second.
    await page.waitForTimeout(1000);
    await page.reload();
    await page.getByTestId('trail').locator('li').first().waitFor();
    if ((await page.locator('html').getAttribute('data-mode')) !== 'dark') {
      await page.getByTestId('mode-switch').click();
    }
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.controls').isVisible()).toBe(false);
    expect(await page.locator('header.bar').isVisible()).toBe(false);
    const style = (of: string, pseudo: string, property: string) =>
      page.evaluate<string>(
        `getComputedStyle(document.querySelector('${of}'), '${pseudo}').${property}`,
      );
    expect(await style('.trail .moment', '::after', 'content')).toMatch(
      /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/,
    );
    expect(await style('.muted', '', 'color')).toBe('rgb(51, 51, 51)');
    await page.emulateMedia({ media: 'screen' });
    await page.getByTestId('mode-switch').click();
  });

  test('a transcript of two thousand turns begins at once and is drawn to its end bit by bit', async () => {
    const page = await stage().signedIn('qa');
    const id = await find(page, 'issueType=身份核实');
    const record = (await ask<RecordView>(page, `/records/${id}`)).json;
    await page.route(`**/api/v1/records/${id}`, (route) =>
      route.fulfill({ json: { ...record, durationMs: 6_000_000 } }),
    );
    await page.route('**/transcript', (route) => route.fulfill({ json: longTalk(2_000) }));
    await page.goto(`${stage().url}/records/${id}`);
    await page.getByTestId('transcript-turn').nth(10).waitFor();
    expect(await page.evaluate<number>("document.querySelectorAll('.turn').length")).toBeLessThan(
      2_000,
    );
    // The rest is drawn a little in each frame, so that none of them takes long.
    const slowest = await page.evaluate<number>(LONGEST_FRAME);
    console.log(`2,000 turns: slowest of 60 frames ${Math.round(slowest)} ms`);
    await eventually(() => page.getByTestId('transcript-turn').count()).toBe(2_000);
    await page.unrouteAll();
  });
}

type Property =
  | 'currentTime'
  | 'paused'
  | 'playbackRate'
  | 'duration'
  | 'readyState'
  | 'videoWidth';

function media(page: Page, property: Property): Promise<number | boolean> {
  return page.evaluate(`document.querySelector('audio, video').${property}`);
}

function longTalk(turns: number): TranscriptView {
  const words = ['您好', '请问', '需要', '办理', '什么', '业务'];
  return {
    language: 'zh',
    turns: Array.from({ length: turns }, (_, n) => ({
      ...{ channel: n % 2, speaker: n % 2 === 0 ? ('agent' as const) : ('customer' as const) },
      ...{ startMs: n * 3000, endMs: n * 3000 + 2800, text: `${words.join('')}？` },
      words: words.map((text, at) => ({
        ...{ text, startMs: n * 3000 + at * 400, endMs: n * 3000 + at * 400 + 390 },
      })),
    })),
  };
}
