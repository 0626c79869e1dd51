import type { SampleView } from '@voxkeep/contract';
import { encodeSampleProof, verifySample } from '@voxkeep/proof';
import { expect, test } from 'vitest';
import { provenSample } from '../../../proof/src/sample/sample-scene.testing.ts';
import { provenSampleLines, sampleLines, samplesLines } from './sample-lines.ts';

test('a proven sample says what was drawn from what, by whom, and that no key was compared', async () => {
  const proven = verifySample(encodeSampleProof(await provenSample()));
  const text = provenSampleLines(proven, false).join('\n');
  expect(text).toContain('VERIFIED: sample 1 of engagement');
  expect(text).toContain('5 of 60 calls 2026-01-01 to 2026-06-30 (basic, core)');
  expect(text).toContain('by u-auditor');
  expect(text).toContain('NOT COMPARED WITH A KEY OF YOURS');
  expect(provenSampleLines(proven, true).join('\n')).not.toContain('NOT COMPARED');
  for (const { recordId } of proven.statement.records) expect(text).toContain(recordId);
});

test('a further sample tells its reader to ask for those before', async () => {
  const { statement, ...proven } = verifySample(encodeSampleProof(await provenSample()));
  const lines = provenSampleLines({ ...proven, statement: { ...statement, number: 3 } }, true);
  expect(lines.join('\n')).toContain('ask for the 2 before it');
});

test('a sample that waits shows the tree that its auditor has to note down', () => {
  const id = '0198a1b2-0000-7000-8000-000000000001';
  const sample: SampleView = {
    ...{ id, engagementId: id, number: 2, state: 'asked', size: 5, commitment: 'c'.repeat(64) },
    calls: { from: '2026-01-01', to: '2026-01-31', tiers: ['basic'] },
    population: { count: 60, root: 'd'.repeat(64) },
    asked: { entry: 7, treeSize: 8, root: 'cm9vdA==' },
    ...{ askedBy: { id: 'u-1', name: '王审计' }, askedAt: '2026-11-20T01:00:00.000Z', records: [] },
  };
  const text = sampleLines(sample).join('\n');
  expect(text).toContain('entry 7, first tree that holds it: 8 cm9vdA==');
  expect(samplesLines({ samples: [] })).toEqual(['no sample yet']);
});
