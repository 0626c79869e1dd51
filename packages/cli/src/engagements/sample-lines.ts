import type { SamplesView, SampleView } from '@voxkeep/contract';
import type { ProvenSample } from '@voxkeep/proof';

/** Samples of an engagement, a line each; numbers that are given up stay in sight. */
export function samplesLines({ samples }: SamplesView): string[] {
  return samples.length === 0 ? ['no sample yet'] : samples.map(sampleLine);
}

function sampleLine({ id, number, state, size, population, calls, askedBy }: SampleView): string {
  const from = `${size} of ${population.count} calls ${calls.from} to ${calls.to}`;
  const tiers = calls.tiers.join(', ');
  return `#${number} ${id}  ${state.padEnd(8)} ${from} (${tiers}), asked by ${askedBy.name ?? askedBy.id}`;
}

/** One sample, with what its auditor has to note down. */
export function sampleLines(sample: SampleView): string[] {
  const { asked, population, commitment, seed, records } = sample;
  return [
    sampleLine(sample),
    `  population  ${population.root}`,
    `  commitment  ${commitment}`,
    ...(asked === undefined
      ? []
      : [`  entry ${asked.entry}, first tree that holds it: ${asked.treeSize} ${asked.root}`]),
    ...(seed === undefined ? [] : [`  seed        ${seed}`]),
    ...records.map(({ recordId, position }) => `  ${recordId}  at ${position}`),
  ];
}

/** What the proof of a sample proves, in plain words. */
export function provenSampleLines(proven: ProvenSample, keyGiven: boolean): string[] {
  const { statement, seed, askedAt, askedBy, drawnAt, certifiedAt, size, cosigned } = proven;
  const { archiveId, log, engagementId, number, calls, population, tree, records } = statement;
  return [
    `VERIFIED: sample ${number} of engagement ${engagementId}, archive ${archiveId}`,
    `${records.length} of ${population.count} calls ${calls.from} to ${calls.to} (${calls.tiers.join(', ')})`,
    `asked for at ${askedAt} by ${askedBy}, drawn at ${drawnAt}, stated at ${certifiedAt}`,
    `seed ${seed}: of the nonce that was committed to, and of the first tree that holds the request (${tree.size})`,
    `proven in the log ${log} of ${size} entries`,
    ...cosigned.map(({ name, at }) => `countersigned by ${name} at ${at}`),
    ...(keyGiven
      ? []
      : [
          'NOT COMPARED WITH A KEY OF YOURS: the document names its own; give --key, or compare',
          `  ${proven.verifierKey}`,
        ]),
    ...(number === 1
      ? []
      : [`number ${number}: ask for the ${number - 1} before it, and why any was given up`]),
    ...records.flatMap(recordLines),
  ];
}

function recordLines(record: ProvenSample['statement']['records'][number]): string[] {
  const { recordId, position, state, manifest, retention, entries } = record;
  return [
    `record ${recordId}, at ${position}: ${state}`,
    manifest === undefined
      ? '  no manifest is named in the ledger'
      : `  manifest ${manifest.sha256}, by entry ${manifest.entry}`,
    retention === undefined
      ? '  no term: it is gone'
      : `  kept until ${retention.openEnded ? 'a day that is not known yet' : retention.keepUntil} by rule ${retention.rule}; ${retention.holds} holds`,
    `  ${entries.length} entries: ${entries.join(', ')}`,
  ];
}
