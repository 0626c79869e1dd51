import type { RecordView, SearchResult, TranscriptView } from '@voxkeep/contract';

/** A moment as the archive's own days and hours have it, like the filters and the pages. */
function momentIn(timeZone: string, at: string): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone });
}

/** The lines of a search result as a terminal shows them; times in the archive's zone. */
export function searchLines(result: SearchResult, timeZone: string): string[] {
  const lines = result.hits.map((hit) =>
    [
      hit.id,
      momentIn(timeZone, hit.startedAt),
      `${hit.durationS} s`.padStart(7),
      hit.tier.padEnd(9),
      hit.issueType,
      hit.agentId,
      hit.phoneMasked ?? '',
      hit.canOpen ? (hit.snippet ?? '') : `(${hit.refusal ?? ''})`,
    ].join('  '),
  );
  const total = `${result.totalCapped ? '≥ ' : ''}${result.total}`;
  const next = result.next === undefined ? [] : [`next page: --cursor ${result.next}`];
  return [...lines, `${result.hits.length} of ${total} · ${result.took.toFixed(1)} ms`, ...next];
}

/** A record with its redacted transcript. */
export function recordLines(
  record: RecordView,
  transcript: TranscriptView | undefined,
  timeZone: string,
): string[] {
  const { retention } = record;
  const turns = (transcript?.turns ?? []).map((turn) => {
    const at = (turn.startMs / 1000).toFixed(1).padStart(7);
    return `${at}  ${turn.speaker.padEnd(8)}  ${turn.text}`;
  });
  return [
    `${record.id}  ${momentIn(timeZone, record.startedAt)} ${timeZone}  ${(record.durationMs / 1000).toFixed(1)} s`,
    `tier ${record.tier} · ${record.issueType} · agent ${record.agent.id} · ${record.state}`,
    ...record.classification.map((line) => `  ${line.field}: ${line.rule} (${line.because})`),
    `kept until ${retention.keepUntil}: ${retention.rule}, ${retention.clause}`,
    `masked: ${record.findingCounts.map((one) => `${one.type} ×${one.count}`).join(', ') || 'nothing'}`,
    ...record.refused.map((line) => `refused: ${line.action} (${line.rule}) ${line.reason}`),
    ...turns,
  ];
}
