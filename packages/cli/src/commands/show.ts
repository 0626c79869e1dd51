import type { RecordView, SearchResult, TranscriptView } from '@voxkeep/contract';

/** The lines of a search result as a terminal shows them. */
export function searchLines(result: SearchResult): string[] {
  const lines = result.hits.map((hit) =>
    [
      hit.id,
      hit.startedAt.slice(0, 19).replace('T', ' '),
      `${hit.durationS} s`.padStart(7),
      hit.tier.padEnd(9),
      hit.issueType,
      hit.agentId,
      hit.phoneMasked ?? '',
      hit.canOpen ? (hit.snippet ?? '') : `(${hit.refusal ?? ''})`,
    ].join('  '),
  );
  const total = `${result.totalCapped ? '≥ ' : ''}${result.total}`;
  return [...lines, `${result.hits.length} of ${total} · ${result.took.toFixed(1)} ms`];
}

/** A record with its redacted transcript. */
export function recordLines(record: RecordView, transcript: TranscriptView | undefined): string[] {
  const { retention } = record;
  const turns = (transcript?.turns ?? []).map((turn) => {
    const at = (turn.startMs / 1000).toFixed(1).padStart(7);
    return `${at}  ${turn.speaker.padEnd(8)}  ${turn.text}`;
  });
  return [
    `${record.id}  ${record.startedAt}  ${(record.durationMs / 1000).toFixed(1)} s`,
    `tier ${record.tier} · ${record.issueType} · agent ${record.agent.id} · ${record.state}`,
    ...record.classification.map((line) => `  ${line.field}: ${line.rule} (${line.because})`),
    `kept until ${retention.keepUntil}: ${retention.rule}, ${retention.clause}`,
    `masked: ${record.findingCounts.map((one) => `${one.type} ×${one.count}`).join(', ') || 'nothing'}`,
    ...record.refused.map((line) => `refused: ${line.action} (${line.rule}) ${line.reason}`),
    ...turns,
  ];
}
