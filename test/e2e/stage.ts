import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Route,
  request,
} from 'playwright-core';
import { expect } from 'vitest';
import { type Directory, openDirectory } from './directory.ts';
import { type RunningArchive, runArchive } from './run-archive.ts';

export const WHOLE_CHROMIUM = '/usr/bin/chromium';
const SHELL = `${WHOLE_CHROMIUM}-headless-shell`;
/** Draws and computes the same, without a browser's own windows: a quarter less of a processor. */
export const CHROMIUM = existsSync(SHELL) ? SHELL : WHOLE_CHROMIUM;
const VIEWPORT = { width: 1440, height: 900 };
export const WAIT_MS = 12_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** One archive with the sample calls, a directory and one browser, for all tests of a file. */
export class Stage {
  readonly archive: RunningArchive;
  readonly browser: Browser;
  readonly #directory: Directory;
  /** Sessions are kept: one sign-in a person, as sign-ins are counted. */
  readonly #sessions = new Map<string, BrowserContext>();
  /** The page that each has had on a desk, and whether a test is at it; a new one compiles all programs anew. */
  readonly #desks = new Map<string, { page: Page; isTaken: boolean }>();
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
        // A second window of somebody needs no process of its own, which compiles everything anew.
        '--process-per-site',
        `--ignore-certificate-errors-spki-list=${keyOf(archive)}`,
      ],
    });
    return new Stage(directory, archive, browser);
  }

  get url(): string {
    return this.archive.url;
  }

  /** A page of somebody who has not signed in, in a window of its own. */
  async anyone(options: { language?: string } = {}): Promise<Page> {
    return (await this.#newContext({ locale: options.language ?? 'zh-CN' })).newPage();
  }

  async #newContext(options: BrowserContextOptions): Promise<BrowserContext> {
    const context = await this.browser.newContext({
      ...{ locale: 'zh-CN', timezoneId: 'Asia/Shanghai', viewport: VIEWPORT },
      ...options,
    });
    context.setDefaultTimeout(WAIT_MS);
    return context;
  }

  /** A page of that person at this path, who has signed in; without one, on their first. */
  async signedIn(username: string, path = ''): Promise<Page> {
    const page = await this.deskOf(username);
    await page.goto(this.url + path);
    await page.getByTestId('account-menu').waitFor();
    return page;
  }

  /** That person's page from the test before, emptied; a new one where a test is at it. */
  async deskOf(username: string): Promise<Page> {
    const desk = this.#desks.get(username);
    const isThere = desk?.page.isClosed() === false;
    if (isThere && !desk.isTaken) {
      desk.isTaken = true;
      return desk.page;
    }
    const page = await this.windowOf(username);
    if (!isThere) this.#desks.set(username, { page, isTaken: true });
    return page;
  }

  /** A new window of that person, who has signed in. */
  async windowOf(username: string): Promise<Page> {
    const known = this.#sessions.get(username) ?? (await this.#signIn(username));
    this.#sessions.set(username, known);
    return known.newPage();
  }

  /** Past the form, which has tests of its own. */
  async #signIn(username: string): Promise<BrowserContext> {
    const { password } = this.archive.account(username);
    const client = await request.newContext({ ignoreHTTPSErrors: true });
    try {
      const headers = { origin: this.url, 'x-voxkeep-csrf': '1' };
      const data = { username, password };
      const answer = await client.post(`${this.url}/api/v1/session`, { headers, data });
      expect(answer.status()).toBe(200);
      return await this.#newContext({ storageState: await client.storageState() });
    } finally {
      await client.dispose();
    }
  }

  /** Between tests: a page that stays open asks, plays and draws on under the next. */
  async closePages(): Promise<void> {
    const kept = new Set(this.#sessions.values());
    const desks = new Map(
      [...this.#desks].map(([username, desk]) => [desk.page, { username, desk }]),
    );
    for (const context of this.browser.contexts()) {
      if (!kept.has(context)) {
        await context.close();
        continue;
      }
      for (const page of context.pages()) {
        const at = desks.get(page);
        if (at === undefined) await page.close();
        else if (at.desk.isTaken) await this.#clear(at.username, page);
      }
    }
  }

  /** Nothing of what a test did to the page is left in it. */
  async #clear(username: string, page: Page): Promise<void> {
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    page.removeAllListeners();
    await page.setViewportSize(VIEWPORT);
    await page.evaluate('sessionStorage.clear()');
    await page.goto(`${this.url}/mark.svg`);
    this.#desks.set(username, { page, isTaken: false });
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

/**
 * The key of the archive's certificate, which the browser knows as on the desk of somebody who installed its authority.
 * What comes with an error that is merely passed over is not kept: every page would be fetched and compiled anew.
 */
function keyOf({ data }: RunningArchive): string {
  const { publicKey } = new X509Certificate(readFileSync(join(data, 'tls/server.pem')));
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('base64');
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

/** What the archive answers to what a page asks on its way, for a test to hand on bent, or later. */
export async function answerTo(route: Route): Promise<{ status: number; body: string }> {
  const asked = route.request();
  const storageState = await asked.frame().page().context().storageState();
  const client = await request.newContext({ ignoreHTTPSErrors: true, storageState });
  try {
    const answer = await client.fetch(asked, { headers: await asked.allHeaders() });
    return { status: answer.status(), body: await answer.text() };
  } finally {
    await client.dispose();
  }
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

/** What of axe-core's rules the colours of a theme decide. */
const OF_COLOUR = ['color-contrast', 'link-in-text-block'];

/** What axe-core finds, from `moderate` on, each with the places; of a page that is known in another theme by colour. */
export async function accessFaults(page: Page, only: 'all' | 'colour' = 'all'): Promise<string[]> {
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(AXE);
  // Half-way through a change of colour is no colour that anybody reads: none begins while axe
  // looks, though an answer may arrive and change a button, and those under way come to their end.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.evaluate(SETTLED);
  const rules = only === 'all' ? {} : { runOnly: OF_COLOUR };
  const run = `axe.run(${JSON.stringify({ resultTypes: ['violations'], ...rules })})`;
  const { violations } = await page.evaluate<{ violations: Fault[] }>(run);
  await page.emulateMedia({ reducedMotion: null });
  return violations
    .filter(({ impact }) => impact !== 'minor')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}
