import type {
  RecordRetention,
  RetentionApplied,
  RetentionPreview,
  RetentionRulesView,
} from '@voxkeep/contract';

/** Until when a record is kept, and why. */
export function explainLines(one: RecordRetention): string[] {
  const { openEnded, keepUntil, waitsFor, rule, clause, verified, source, dueOn, atMost, how } =
    one;
  const told = one.anchors.map(({ anchor, day }) => `${anchor} ${day}`);
  return [
    openEnded
      ? `kept, end open: waits for ${waitsFor.join(', ')}; not before ${keepUntil}`
      : `kept until ${keepUntil}`,
    `rule ${rule} (${verified}): ${clause}`,
    ...(source === undefined ? [] : [`source ${source}`]),
    ...(dueOn === undefined
      ? []
      : [`due ${dueOn}, then ${how === 'delete' ? 'deleted' : 'anonymised'}`]),
    ...(atMost === undefined ? [] : [`at most until ${atMost}`]),
    ...one.alsoApplied.map(
      (other) =>
        `also ${other.openEnded ? 'open, not before' : 'until'} ${other.keepUntil}: ${other.rule} (${other.verified}), ${other.clause}`,
    ),
    `called ${one.called}, ${[one.tier, one.industry, one.businessType].filter((part) => part !== undefined).join(', ')}`,
    ...(told.length === 0 ? [] : [`told: ${told.join(', ')}`]),
    ...(one.holds === 0 ? [] : [`HELD by ${one.holds}`]),
    ...(one.restricted.length === 0 ? [] : [`RESTRICTED: ${one.restricted.join(', ')}`]),
    `by rules ${one.rules}${one.given ? '' : ', as soon as the walk has come to it'}`,
  ];
}

export function rulesLines(view: RetentionRulesView): string[] {
  const { inForce, versions, reviewsDue, walk, pendingLocks, waiting } = view;
  return [
    `rules ${inForce.number} in force since ${inForce.inForceAt} by ${inForce.actorId}`,
    ...view.profiles.map(
      ({ id, keep, from, verified, reviewBy }) =>
        `${id.padEnd(32)} ${period(keep)} from ${from}, ${verified}${reviewBy === undefined ? '' : `, review by ${reviewBy}`}`,
    ),
    `${walk.given} of ${walk.of} records have their term by them${inForce.endedAt === undefined ? ', still walking' : ''}`,
    ...(pendingLocks === 0 ? [] : [`${pendingLocks} records whose locks are being extended`]),
    `versions: ${versions.map(({ number, inForceAt }) => `${number} (${inForceAt.slice(0, 10)})`).join(', ')}`,
    ...reviewsDue.map(({ rule, reviewBy }) => `TO REVIEW since ${reviewBy}: ${rule}`),
    ...(waiting === undefined
      ? []
      : [`waits for a second officer until ${waiting.until}: asked for by ${waiting.actorId}`]),
    ...(view.fileFaults === undefined ? [] : [`THE FILE HAS FAULTS: ${view.fileFaults}`]),
    ...(view.fileDiffers ? ['the file says otherwise; see retention preview'] : []),
  ];
}

export function previewLines({ counts, lines, records, digest }: RetentionPreview): string[] {
  const { longer, shorter, opens, closes, sooner, later } = counts;
  return [
    `${records} records: ${longer} longer, ${shorter} shorter, ${opens} become open, ${closes} close, ${sooner} due sooner, ${later} later`,
    ...lines.flatMap((line) => {
      const { change, tier, before, after, examples } = line;
      const rule = before === after ? before : `${before} becomes ${after}`;
      const [first] = examples;
      return [
        `${change.padEnd(8)} ${tier.padEnd(9)} ${String(line.records).padStart(9)}  ${rule}`,
        ...(first === undefined
          ? []
          : [`         ${first.recordId}: ${days(first.before)} becomes ${days(first.after)}`]),
      ];
    }),
    ...(lines.length === 0 ? ['no day changes'] : []),
    `preview ${digest}`,
  ];
}

export function appliedLines({ state, rules }: RetentionApplied): string[] {
  return state === 'done'
    ? [`rules ${rules.inForce.number} are in force; records are being given their terms`]
    : [`kept: a second officer has to ask for the same until ${rules.waiting?.until ?? ''}`];
}

const days = ({
  keepUntil,
  openEnded,
  dueOn,
}: RetentionPreview['lines'][number]['examples'][number]['before']) =>
  openEnded ? `open (${keepUntil})` : `${keepUntil}${dueOn === undefined ? '' : `, due ${dueOn}`}`;

const period = (keep: Record<string, number>): string =>
  Object.entries(keep)
    .map(([unit, n]) => `${n} ${unit}`)
    .join(' ');
