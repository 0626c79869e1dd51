import { spawnSync } from 'node:child_process';
import { linkSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { printTable } from '../measure/table.ts';
import { type Explained, judgeRedaction, type Tally } from './judge-redaction.ts';
import { type MarkedTalk, readMarkedTalks } from './marked-talk.ts';
import { wavHeader } from './wav-header.ts';

const EXPLAIN = resolve(import.meta.dirname, '../../packages/server/src/main/explain.ts');
const SECONDS = 180;
const RATE = 8000;

/** Least share of personal data that is masked. What is left of 1 is said in docs/redaction.md. */
const LEAST_RECALL: Record<string, number> = {
  ...{ id_card: 1, bank_card: 1, passport: 1, password: 1, verification_code: 1 },
  ...{ phone: 1, landline: 1, account: 1, birth_date: 1, plate: 1, email: 1 },
  ...{ medical: 1, name: 0.97, address: 0.97 },
};
const LEAST_PRECISION = 0.98;

/** Marked conversations through `voxkeep explain`: what is masked, of what should be. */
export async function proveRedaction(say: (line: string) => void): Promise<string[]> {
  const talks = readMarkedTalks();
  const folder = mkdtempSync(join(tmpdir(), 'voxkeep-redaction-'));
  const tallies = new Map<string, Tally>();
  const tallyOf = (type: string): Tally => {
    const known = tallies.get(type) ?? { personal: 0, masked: 0, findings: 0, right: 0 };
    tallies.set(type, known);
    return known;
  };
  try {
    say(`explaining ${talks.length} conversations`);
    const explained = explainAll(folder, talks);
    const problems = talks.flatMap((talk, at) => {
      const one = explained[at];
      return one ? judgeRedaction(talk, one, tallyOf) : [`${talk.name}: no answer`];
    });
    for (const problem of problems) say(`  ${problem}`);
    return conclude(tallies, talks.length, say);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function explainAll(folder: string, talks: readonly MarkedTalk[]): Explained[] {
  const silence = join(folder, 'silence');
  writeFileSync(silence, silentWav());
  const paths = talks.map((talk) => {
    const stem = join(folder, talk.name);
    linkSync(silence, `${stem}.wav`);
    writeFileSync(`${stem}.json`, JSON.stringify(metadataOf(talk)));
    writeFileSync(`${stem}.transcript.json`, JSON.stringify(transcriptOf(talk)));
    return `${stem}.wav`;
  });
  const done = spawnSync(process.execPath, [...process.execArgv, EXPLAIN, '--json', ...paths], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (done.status !== 0) throw new Error(`explain ended with ${done.status}: ${done.stderr}`);
  const lines = done.stdout.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Explained);
}

const metadataOf = (talk: MarkedTalk) => ({
  sourceSystem: 'redaction',
  sourceCallId: talk.name,
  startedAt: '2026-03-02T09:00:00+08:00',
  agent: { id: '001' },
});

const transcriptOf = (talk: MarkedTalk) => ({
  language: 'zh',
  turns: talk.turns.map(({ channel, words }) => ({
    ...{ channel, speaker: channel === 0 ? 'agent' : 'customer' },
    ...{ startMs: words[0]?.startMs ?? 0, endMs: words.at(-1)?.endMs ?? 1 },
    text: words.map((word) => word.text).join(''),
    words: words.map(({ text, startMs, endMs }) => ({ text, startMs, endMs })),
  })),
});

function conclude(
  tallies: Map<string, Tally>,
  talks: number,
  say: (line: string) => void,
): string[] {
  const rows = [...tallies].sort().map(([type, tally]) => ({ type, ...tally }));
  const all = rows.reduce(
    (sum, row) => ({
      personal: sum.personal + row.personal,
      masked: sum.masked + row.masked,
      findings: sum.findings + row.findings,
      right: sum.right + row.right,
    }),
    { personal: 0, masked: 0, findings: 0, right: 0 },
  );
  printTable(
    'what is masked of what should be, and how much of what is masked is right',
    ['kind', 'personal', 'masked', 'recall', 'findings', 'right', 'precision'],
    [...rows, { type: 'all', ...all }].map((row) => [
      ...[row.type, String(row.personal), String(row.masked), share(row.masked, row.personal)],
      ...[String(row.findings), String(row.right), share(row.right, row.findings)],
    ]),
  );
  const failed = rows
    .filter((row) => row.masked < row.personal * (LEAST_RECALL[row.type] ?? 0))
    .map((row) => `recall of ${row.type} is ${share(row.masked, row.personal)}`);
  if (all.right < all.findings * LEAST_PRECISION) {
    failed.push(`precision is ${share(all.right, all.findings)}, should be ${LEAST_PRECISION}`);
  }
  if (failed.length === 0) {
    say(
      `prove redaction: OK ${talks} conversations, recall ${share(all.masked, all.personal)}, precision ${share(all.right, all.findings)}`,
    );
  }
  return failed;
}

const share = (part: number, whole: number): string =>
  whole === 0 ? '-' : (part / whole).toFixed(3);

/** Two channels of µ-law silence. */
function silentWav(): Buffer {
  const size = SECONDS * RATE * 2;
  const sound = { channels: 2, sampleRate: RATE, soundBytes: size };
  return Buffer.concat([wavHeader('mulaw', sound), Buffer.alloc(size, 0xff)]);
}
