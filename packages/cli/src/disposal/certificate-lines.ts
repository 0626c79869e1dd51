import type { CertifiedRecord, CertifiedRun, ProvenCertificate } from '@voxkeep/proof';

/** What a certificate proves, in plain words. */
export function certificateLines(proven: ProvenCertificate, keyGiven: boolean): string[] {
  const { statement, certifiedAt, size, cosigned, verifierKey } = proven;
  const { archiveId, log, of, run, records, count, after } = statement;
  const part = records.length === count && after === undefined ? '' : ` of ${count}`;
  return [
    `VERIFIED: archive ${archiveId} disposed of ${records.length}${part} ${count === 1 ? 'record' : 'records'}`,
    ...(of === 'run' && part !== '' ? ['one of several documents of this run'] : []),
    `stated at ${certifiedAt}, proven in the log ${log} of ${size} entries`,
    ...cosigned.map(({ name, at }) => `countersigned by ${name} at ${at}`),
    ...(keyGiven
      ? []
      : [
          'NOT COMPARED WITH A KEY OF YOURS: the certificate names its own; give --key, or compare',
          `  ${verifierKey}`,
        ]),
    ...runLines(run),
    ...records.flatMap(recordLines),
  ];
}

function runLines({ id, kind, asOf, proposedBy, alone, approvals }: CertifiedRun): string[] {
  const what = kind === undefined ? '' : `, ${kind === 'due' ? 'what was due' : 'chosen records'}`;
  return [
    `run ${id}${what}${asOf === undefined ? '' : ` as of ${asOf}`}${proposedBy === undefined ? '' : `, proposed by ${proposedBy}`}`,
    ...(alone === true ? ['  few enough to go by the rules alone, without approval'] : []),
    ...(approvals ?? []).map(
      ({ account, role, at, keyId }) =>
        `  approved by ${account} (${role}) at ${at}${keyId === undefined ? '' : ` with key ${keyId}`}`,
    ),
  ];
}

const HOW = { delete: 'deleted', anonymise: 'counted by kind without a trace, and deleted' };

function recordLines(record: CertifiedRecord): string[] {
  const { recordId, facts, sites, unreadableAt, lockedUntil, beyondOldCopiesFrom } = record;
  const { how, ground, rule, clause, keepUntil, disposedAt, epoch, rows } = facts;
  const pending = sites.filter((site) => site.pending !== undefined);
  return [
    `record ${recordId}: ${HOW[how]} at ${disposedAt}`,
    `  why: ${ground}, by rule ${rule}${clause === '' ? '' : ` (${clause})`}; had to be kept until ${keepUntil}`,
    `  gone: ${counted(facts.objects.map(({ purpose }) => purpose))}`,
    ...(rows === undefined
      ? []
      : [
          `  rows: ${Object.entries(rows)
            .map(([name, rowCount]) => `${rowCount} ${name}`)
            .join(', ')}`,
        ]),
    ...sites.map(siteLine),
    unreadableAt === undefined
      ? `  NOT YET UNREADABLE everywhere: ${pending.map(({ site }) => site).join(', ')} has still to answer`
      : `  unreadable at all sites since ${unreadableAt}`,
    ...(lockedUntil === undefined
      ? []
      : [`  bytes that nobody can open are locked until ${lockedUntil}`]),
    beyondOldCopiesFrom === undefined
      ? `  an older copy of sites and keys may still open it: epoch ${epoch} is not gone`
      : `  beyond any old copy from ${beyondOldCopiesFrom}: nobody holds keys of epoch ${epoch}`,
    ...record.received.map(
      ({ act, account, role, at }) => `  ${account} (${role}) had received it: ${act} at ${at}`,
    ),
  ];
}

function siteLine({
  site,
  envelopesGoneAt,
  pending,
  lockedUntil,
}: CertifiedRecord['sites'][number]) {
  const gone =
    pending === undefined
      ? `keys gone${envelopesGoneAt === undefined ? '' : ` since ${envelopesGoneAt}`}`
      : `keys of ${pending} objects STILL THERE`;
  return `  ${site}: ${gone}${lockedUntil === undefined ? '' : `, bytes locked until ${lockedUntil}`}`;
}

/** `2 screenshot, 1 redacted`. */
function counted(words: readonly string[]): string {
  const sums = new Map<string, number>();
  for (const word of words) sums.set(word, (sums.get(word) ?? 0) + 1);
  return [...sums].map(([word, sum]) => `${sum} ${word}`).join(', ') || 'no object was left';
}
