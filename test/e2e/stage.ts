import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Directory, openDirectory } from './directory.ts';
import { type RunningArchive, runArchive } from './run-archive.ts';

export const CHROMIUM = '/usr/bin/chromium';
export const WAIT_MS = 12_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One archive with the sample calls, a directory and one browser, for all tests of a file. */
export class Stage {
  readonly archive: RunningArchive;
  readonly browser: Browser;
  readonly #directory: Directory;
  /** Sessions are kept: one sign-in a person, as sign-ins are counted. */
  readonly #sessions = new Map<string, BrowserContext>();
  #stopped = false;

  private constructor(directory: Directory, archive: RunningArchive, browser: Browser) {
    this.#directory = directory;
    this.archive = archive;
    this.browser = browser;
  }

  static async open(): Promise<Stage> {
    const directory = await openDirectory();
    const archive = await runArchive({ VOXKEEP_SIGN_IN: directory.signInFile });
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        ...['--no-sandbox', '--headless', '--disable-gpu', '--disable-quic', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    });
    return new Stage(directory, archive, browser);
  }

  get url(): string {
    return this.archive.url;
  }

  /** A page of somebody who has not signed in, in a window of its own. */
  async anyone(options: { language?: string } = {}): Promise<Page> {
    const context = await this.browser.newContext({
      ...{ ignoreHTTPSErrors: true, locale: options.language ?? 'zh-CN' },
      ...{ timezoneId: 'Asia/Shanghai', viewport: { width: 1440, height: 900 } },
    });
    context.setDefaultTimeout(WAIT_MS);
    return context.newPage();
  }

  /** A page of that person at this path, behind the sign-in form; without one, on their first. */
  async signedIn(username: string, path = ''): Promise<Page> {
    const page = await this.windowOf(username);
    await page.goto(this.url + path);
    await page.getByTestId('account-menu').waitFor();
    return page;
  }

  /** An empty window of that person, who has signed in. */
  async windowOf(username: string): Promise<Page> {
    const known = this.#sessions.get(username);
    if (known !== undefined) return known.newPage();
    const page = await this.anyone();
    this.#sessions.set(username, page.context());
    await page.goto(`${this.url}/sign-in`);
    await fillSignIn(page, username, this.archive.account(username).password);
    await page.getByTestId('account-menu').waitFor();
    return page;
  }

  /** Between tests: a page that stays open asks, plays and draws on under the next. */
  async closePages(): Promise<void> {
    const kept = new Set(this.#sessions.values());
    for (const context of this.browser.contexts()) {
      if (!kept.has(context)) await context.close();
      else for (const page of context.pages()) await page.close();
    }
  }

  /** Asks the archive to end; its exit code. */
  async stopArchive(): Promise<number | null> {
    for (const context of this.browser.contexts()) await context.close();
    this.#stopped = true;
    return this.archive.stop();
  }

  async close(): Promise<void> {
    await this.browser.close();
    if (!this.#stopped) await this.archive.stop();
    await this.#directory.close();
  }
}

/** Run in a page before its own program: keeps what that does every so often. */
const KEEP_INTERVALS = `{
  const kept = new Map();
  const [begin, end] = [window.setInterval, window.clearInterval];
  window.setInterval = (act, everyMs, ...rest) => {
    const id = begin(act, everyMs, ...rest);
    kept.set(id, { act: () => act(...rest), everyMs });
    return id;
  };
  window.clearInterval = (id) => {
    kept.delete(id);
    end(id);
  };
  window.passTime = (ms) => {
    const due = [...kept.values()].filter(({ everyMs }) => everyMs <= ms);
    for (const { act } of due) act();
    return due.length;
  };
}`;

/** From its next address on, `passTime` is a way to wait in this page. */
export const readyToPassTime = (page: Page): Promise<unknown> => page.addInitScript(KEEP_INTERVALS);

/** What the page does at least once in so much time it does now, as if that had passed. */
export async function passTime(page: Page, ms: number): Promise<void> {
  expect(await page.evaluate<number>(`passTime(${ms})`)).toBeGreaterThan(0);
}

/** Asks again and again; a busy machine gets its time. */
export const eventually = <T>(read: () => T | Promise<T>) =>
  expect.poll(read, { timeout: WAIT_MS });

export async function fillSignIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByTestId('sign-in-username').fill(username);
  await page.getByTestId('sign-in-password').fill(password);
  await page.getByTestId('sign-in-submit').click();
}

/** An answer of the interface to the person whose page it is. */
export async function ask<T>(page: Page, path: string): Promise<{ status: number; json: T }> {
  return page.evaluate(async (url) => {
    const answer = await fetch(url);
    return { status: answer.status, json: await answer.json() };
  }, `/api/v1${path}`) as Promise<{ status: number; json: T }>;
}

/** A ticket for the media of a record, for the person whose page it is. */
export async function ticketFor(page: Page, id: string): Promise<string> {
  return page.evaluate(async (url) => {
    const headers = { 'x-voxkeep-csrf': '1' };
    const answer = await fetch(url, { method: 'POST', headers });
    return ((await answer.json()) as { ticket: string }).ticket;
  }, `/api/v1/records/${id}/ticket`);
}

/** Run in a page: the longest of 60 frames, in milliseconds; for a statement to run in each. */
export const LONGEST_FRAME = `(async () => {
  let [longest, last] = [0, performance.now()];
  for (let frame = 0; frame < 60; frame += 1) {
    /* each */;
    await new Promise((drawn) => requestAnimationFrame(drawn));
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }
  return longest;
})()`;

interface Fault {
  id: string;
  impact: string;
  nodes: { html: string }[];
}

/** Resolves when every animation that has an end has come to it. */
const SETTLED = `Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().iterations !== Infinity)
  .map((one) => one.finished)).then(() => undefined)`;

/** What axe-core finds, from `moderate` on, each with the places. */
export async function accessFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  // Half-way through a change of colour is no colour that anybody reads: none begins while axe
  // looks, though an answer may arrive and change a button, and those under way come to their end.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(SETTLED);
  const { violations } = await page.evaluate<{ violations: Fault[] }>('axe.run()');
  await page.emulateMedia({ reducedMotion: null });
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
