import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { RecordView, SearchResult, TranscriptView } from '@voxkeep/contract';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loudness, readMuLawWav, withoutTone } from './measure-sound.ts';
import { accessFaults, ask, CHROMIUM, Stage, ticketFor, WAIT_MS } from './stage.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const SCREENS = join(ROOT, 'docs/screens');
const TAKE_SCREENSHOTS = process.env['VOXKEEP_SCREENSHOTS'] === '1';
/** A resident ID is spoken in samples/04-id-number and written in its agent's note. */
const ID_CALL = 'samples/04-id-number';
/** What agent 001 handled in the week of the equipment fault: a core record. */
const FAULT = { from: '2025-08-10', to: '2025-08-15', issueType: '设备故障', agent: '001' };

let stage: Stage;
const signedIn = (username: string) => stage.signedIn(username);

describe.skipIf(!existsSync(CHROMIUM))('the archive in a browser', () => {
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.closePages());
  afterAll(() => stage?.close());

  test('a quality inspector signs in and finds the equipment fault of agent 001 by date, type and agent', async () => {
    const page = await signedIn('qa');
    await pickDates(page, FAULT.from, FAULT.to);
    await pick(page, '坐席', FAULT.agent);
    await pick(page, '问题类型', FAULT.issueType);
    await page.getByTestId('search-submit').click();
    await page.waitForURL(/agent=001/);
    await page
      .getByTestId('total')
      .getByText(/^\D*1\D*$/)
      .waitFor();
    const row = page.getByTestId('search-row');
    expect(await row.count()).toBe(1);
    expect(await row.innerText()).toContain('设备故障');
    expect(await row.innerText()).toContain('2025-08-12');
    expect(await row.innerText()).toMatch(/138\*{4}7315/);
    await row.getByRole('link').click();
    await page.waitForURL(/\/records\//);
    await page.getByText('光猫坏了').waitFor();
  });

  test('play makes the sound of a masked call run', async () => {
    const page = await signedIn('qa');
    await openIdCall(page);
    expect(await page.getByTestId('masked-span').count()).toBeGreaterThan(0);
    await page.getByTestId('play-button').click();
    // The content policy forbids waitForFunction's eval, so the clock is asked again and again.
    await expect
      .poll(() => page.evaluate<number>("document.querySelector('audio').currentTime"), {
        timeout: WAIT_MS,
      })
      .toBeGreaterThan(0.5);
    expect(await page.evaluate("document.querySelector('audio').paused")).toBe(false);
    expect(await page.getByTestId('clock').innerText()).toMatch(/^0?0:0\d \/ 0?0:2\d$/);
  });

  test('inside every masked stretch a listener hears a soft 440 Hz tone and no speech; outside, the call as it was', async () => {
    const page = await signedIn('qa');
    const record = await openIdCall(page);
    const original = readMuLawWav(readFileSync(join(ROOT, `${ID_CALL}.wav`)));
    const { sampleRate, channels: heard } = await decodeInBrowser(page, record);
    expect(heard.map((samples) => samples.length)).toEqual(original.map(({ length }) => length));

    const truth = sample<{ pii: Spoken[] }>('truth').pii;
    for (const { channel, startMs, endMs } of truth) {
      const covered = record.masked.some(
        (span) => span.channel === channel && span.startMs <= startMs && span.endMs >= endMs,
      );
      expect(covered, `spoken at ${startMs} ms`).toBe(true);
    }

    // The tone fades in and out over 8 ms, and span ends are rounded to whole frames.
    const edge = Math.ceil(0.01 * sampleRate);
    const masks = heard.map((samples) => new Uint8Array(samples.length));
    for (const span of record.masked) {
      const start = Math.floor((span.startMs * sampleRate) / 1000);
      const end = Math.ceil((span.endMs * sampleRate) / 1000);
      const inside = { start: start + edge, end: end - edge, hertz: 440, sampleRate };
      const masked = heard[span.channel] as Int16Array;
      const spoken = original[span.channel] as Int16Array;
      // One µ-law step at this loudness is 64; what is left is its rounding.
      expect(loudness(withoutTone(masked, inside))).toBeLessThan(25);
      expect(loudness(masked, inside.start, inside.end)).toBeGreaterThan(800);
      expect(peak(masked.subarray(start, end))).toBeLessThan(1500);
      // The same measure finds the speech that was there.
      expect(loudness(withoutTone(spoken, inside))).toBeGreaterThan(500);
      masks[span.channel]?.fill(1, start, end);
    }

    for (const [channel, samples] of heard.entries()) {
      const before = original[channel] as Int16Array;
      const changed = samples.findIndex(
        (value, at) => masks[channel]?.[at] === 0 && value !== before[at],
      );
      expect(changed, `first changed frame of channel ${channel} outside the masks`).toBe(-1);
      expect(loudness(samples.filter((_, at) => masks[channel]?.[at] === 0))).toBeGreaterThan(300);
    }
  });

  test('the transcript shows what kind of data was said, and its digits are nowhere in the page or its answers', async () => {
    const page = await signedIn('qa');
    const answers: string[] = [];
    page.on('response', async (response) => {
      if (/json/.test(response.headers()['content-type'] ?? '')) {
        answers.push(await response.text().catch(() => ''));
      }
    });
    const record = await openIdCall(page);
    expect(await page.locator('.turns .masked-word').allInnerTexts()).toContain('身份证号');
    const { json } = await ask<TranscriptView>(page, `/records/${record.id}/transcript`);
    expect(JSON.stringify(json)).toContain('[身份证号]');
    await page.waitForLoadState('networkidle');
    const everything = [await page.content(), ...answers, JSON.stringify([record, json])].join(
      '\n',
    );
    const { pii, written } = sample<{ pii: Spoken[]; written: { text: string }[] }>('truth');
    const secrets = [
      ...pii.flatMap((one) => [one.text, one.digits]),
      ...written.map((one) => one.text),
    ];
    expect(secrets.length).toBeGreaterThan(2);
    expect(answers.length).toBeGreaterThan(2);
    for (const secret of secrets) expect(everything.includes(secret)).toBe(false);
    const phone = sample<{ customer: { phone: string } }>().customer.phone;
    expect(everything.includes(phone)).toBe(false);
  });

  test('agent 001 neither finds nor opens a core record, though it is their own call, and is told the rule', async () => {
    const qa = await signedIn('qa');
    const found = await ask<SearchResult>(qa, `/records?${new URLSearchParams(FAULT)}`);
    const id = found.json.hits[0]?.id as string;
    expect(found.json.hits[0]?.tier).toBe('core');

    const page = await signedIn('agent001');
    const search = await ask<SearchResult>(page, `/records?${new URLSearchParams(FAULT)}`);
    expect(search.status).toBe(200);
    expect(search.json.hits).toEqual([]);
    expect(search.json.total).toBe(0);
    for (const path of ['', '/transcript', '/media', '/peaks', '/trail']) {
      const { status, json } = await ask<{ code: string; rule: string }>(
        page,
        `/records/${id}${path}`,
      );
      expect([path, status, json.code]).toEqual([path, 403, 'FORBIDDEN']);
      expect(json.rule).toMatch(/^agent\./);
    }
    await page.goto(`${stage.url}/?${new URLSearchParams(FAULT)}`);
    await page.getByTestId('search-empty').waitFor();
    await page.goto(`${stage.url}/records/${id}`);
    const refusal = page.getByTestId('refusal');
    await refusal.waitFor();
    expect(await refusal.innerText()).toContain('agent.tier');
    expect(await page.locator('audio, video').count()).toBe(0);
    expect(await page.getByTestId('transcript-turn').count()).toBe(0);
  });

  test('an operator sees the jobs and no content', async () => {
    const qa = await signedIn('qa');
    const { json } = await ask<SearchResult>(qa, '/records?issueType=身份核实');
    const id = json.hits[0]?.id as string;

    const page = await signedIn('operator');
    expect(await page.getByTestId('nav-search').count()).toBe(0);
    await page.getByTestId('nav-jobs').click();
    const table = page.getByTestId('jobs-table');
    await table.getByText(id.slice(-13)).waitFor();
    const shown = await page.content();
    for (const content of ['138****', '林晓', '光猫', '身份核实']) {
      expect(shown.includes(content), content).toBe(false);
    }
    for (const path of [
      '/records',
      `/records/${id}`,
      `/records/${id}/transcript`,
      `/records/${id}/media`,
    ]) {
      expect([path, (await ask(page, path)).status]).toEqual([path, 403]);
    }
    await screenshot(page, 'jobs');
  });

  test('axe finds nothing serious on the search page', async () => {
    const page = await signedIn('qa');
    await page.goto(`${stage.url}/`);
    await page.getByTestId('search-row').first().waitFor();
    await screenshot(page, 'search');
    expect(await accessFaults(page)).toEqual([]);
  });

  test('axe finds nothing serious on the record page', async () => {
    const page = await signedIn('qa');
    await openIdCall(page);
    await page.waitForSelector('[data-drawn=true]');
    await page.waitForLoadState('networkidle');
    await screenshot(page, 'record');
    expect(await accessFaults(page)).toEqual([]);
  });

  test('asked to end, the archive ends cleanly', async () => {
    expect(await stage.stopArchive()).toBe(0);
  });
});

interface Spoken {
  text: string;
  digits: string;
  channel: number;
  startMs: number;
  endMs: number;
}

function sample<T>(part?: 'truth'): T {
  const file = join(ROOT, `${ID_CALL}${part === undefined ? '' : `.${part}`}.json`);
  return JSON.parse(readFileSync(file, 'utf8')) as T;
}

async function pick(page: Page, field: string, value: string): Promise<void> {
  const box = page.getByRole('combobox', { name: field });
  await box.fill(value);
  await page.locator('.ant-select-item-option-active').getByText(value).waitFor();
  await box.press('Enter');
  await box.press('Escape');
}

async function pickDates(page: Page, from: string, to: string): Promise<void> {
  await page.getByPlaceholder('开始日期').fill(from);
  await page.keyboard.press('Enter');
  await page.getByPlaceholder('结束日期').fill(to);
  await page.keyboard.press('Enter');
}

async function openIdCall(page: Page): Promise<RecordView> {
  const { json } = await ask<SearchResult>(page, '/records?issueType=身份核实');
  const id = json.hits[0]?.id as string;
  await page.goto(`${stage.url}/records/${id}`);
  await page.getByTestId('transcript-turn').first().waitFor();
  return (await ask<RecordView>(page, `/records/${id}`)).json;
}

/** The sound as the browser plays it, at its own rate so that nothing is resampled. */
async function decodeInBrowser(page: Page, { id, media }: RecordView) {
  const sampleRate = media?.sampleRate as number;
  const url = `${media?.url}?ticket=${await ticketFor(page, id)}`;
  const channels = await page.evaluate<number[][]>(`(async () => {
    const bytes = await (await fetch(${JSON.stringify(url)})).arrayBuffer();
    const sound = await new OfflineAudioContext(1, 1, ${sampleRate}).decodeAudioData(bytes);
    return Array.from({ length: sound.numberOfChannels }, (_, channel) =>
      Array.from(sound.getChannelData(channel), (value) => Math.round(value * 32768)));
  })()`);
  return { sampleRate, channels: channels.map((samples) => Int16Array.from(samples)) };
}

function peak(samples: Int16Array): number {
  return samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

async function screenshot(page: Page, name: string): Promise<void> {
  if (!TAKE_SCREENSHOTS) return;
  mkdirSync(SCREENS, { recursive: true });
  const file = join(SCREENS, `${name}.png`);
  await page.screenshot({ path: file });
  // A page has few colours: a palette makes the picture three times smaller, and nobody sees it.
  const small = `${file}.tmp.png`;
  const palette = 'split[a][b];[a]palettegen=max_colors=96[p];[b][p]paletteuse=dither=none';
  const made = spawnSync('ffmpeg', ['-loglevel', 'error', '-y', '-i', file, '-vf', palette, small]);
  if (made.status === 0) renameSync(small, file);
}
