import { open, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '../core/errors.ts';
import { assertKeysApart, readShare, type Share, writeShare } from '../keys/index.ts';

/** A screen and a keyboard, and one person before them. */
export interface Terminal {
  write(text: string): void;
  ask(question: string): Promise<string>;
  /** The screen, and what could be scrolled back to. */
  clear(): void;
}

/**
 * Shows each officer their share, alone, and has it typed back from paper before the next one comes:
 * so every share that was given out is known to be readable.
 */
export async function showShares(shares: readonly Share[], terminal: Terminal): Promise<void> {
  try {
    for (const share of shares) await showShare(share, terminal);
  } finally {
    // Also when somebody breaks it off.
    terminal.clear();
  }
}

async function showShare(share: Share, terminal: Terminal): Promise<void> {
  const who = `${share.index} / ${share.shares}`;
  terminal.clear();
  await terminal.ask(
    `第 ${who} 位保管人请独自就座，按回车显示份额。\n` +
      `Officer ${who}, alone at the screen: Enter shows the share. `,
  );
  for (;;) {
    terminal.clear();
    terminal.write(`${pageOf(share)}\n`);
    await terminal.ask('抄写或打印后按回车清屏 · When it is on paper, Enter clears the screen. ');
    terminal.clear();
    if (await isTypedBack(share, terminal)) return;
    await terminal.ask('与份额不符，按回车再次显示 · Not the same: Enter shows it again. ');
  }
}

async function isTypedBack(share: Share, terminal: Terminal): Promise<boolean> {
  const lines = writeShare(share).split('\n');
  const typed: string[] = [];
  for (const label of ['1', '2', '3']) {
    typed.push(
      `${label} ${await terminal.ask(`照纸录入第 ${label} 行 · From paper, line ${label}: `)}`,
    );
  }
  try {
    const text = [...lines.slice(0, 4), ...typed, ...lines.slice(7)].join('\n');
    return readShare(text).value.equals(share.value);
  } catch {
    return false;
  }
}

/** Reads a share that is typed line by line, up to its line `end`. */
export async function typeShare(terminal: Terminal): Promise<string> {
  const lines: string[] = [];
  while (!/^\s*end\b/i.test(lines.at(-1) ?? '')) lines.push(await terminal.ask('> '));
  return lines.join('\n');
}

/**
 * Writes each share into a folder of its own (0600, durable, never over a file): all, or none. Rejects
 * with SHARES_TOGETHER unless there are as many different places as shares, all apart from `kept`.
 * Resolves to the files.
 */
export async function writeShares(
  shares: readonly Share[],
  places: readonly string[],
  kept: readonly string[],
): Promise<string[]> {
  await assertPlaces(shares.length, places, kept);
  const written: string[] = [];
  try {
    for (const [at, share] of shares.entries()) {
      const file = join(places[at] ?? '', `voxkeep-share-${share.setId}-${share.index}.txt`);
      const handle = await open(file, 'wx', 0o600);
      written.push(file);
      try {
        await handle.writeFile(`${pageOf(share)}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  } catch (error) {
    for (const file of written) await rm(file, { force: true });
    throw error;
  }
  return written;
}

async function assertPlaces(
  count: number,
  places: readonly string[],
  kept: readonly string[],
): Promise<void> {
  const refused = (message: string) =>
    new ArchiveError('SHARES_TOGETHER', message, { field: 'out' });
  if (places.length !== count) {
    throw refused(
      `${count} shares go to ${count} different places: give --out once for each officer's medium, or no --out at a terminal, where each officer sees one share`,
    );
  }
  const real = new Set<string>();
  for (const place of places) {
    const about = await stat(place).catch(() => undefined);
    if (about?.isDirectory() !== true) throw refused(`there is no folder ${place}`);
    await assertKeysApart(place, [...kept]);
    real.add(await realpath(place));
  }
  if (real.size !== count) throw refused('two of the places are one folder');
}

/** Places that share a file system, as pairs that a person should know of. */
export async function onOneDisk(places: readonly string[]): Promise<boolean> {
  const devices = await Promise.all(places.map(async (place) => (await stat(place)).dev));
  return new Set(devices).size < devices.length;
}

const pageOf = (share: Share): string => `# 留声 Voxkeep 托管密钥份额 · share of the escrow key
#
# 绝密：任意 ${share.threshold} 份即可打开整个档案库。勿拍照、勿上网、勿与他人份额同放。
# Secret: any ${share.threshold} of these open the whole archive. No photograph, no network, no
# other share beside it. Letters I, L, O and U do not occur; case and dashes do not matter.

${writeShare(share).trimEnd()}`;
