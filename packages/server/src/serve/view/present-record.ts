import type { RecordView, TranscriptView } from '@voxkeep/contract';
import { type Action, decide, type RecordFacts, type Viewer } from '../../access/index.ts';
import type { Clock } from '../../core/clock.ts';
import type { Manifest } from '../../record/manifest.ts';
import { maskAccount, maskName, maskPhone } from '../../record/masked.ts';
import type { Finding, Transcript } from '../../record/transcript.ts';
import type { FindingType } from '../../record/vocabulary.ts';

/** The actions whose answers the record page shows beside the record. */
const SHOWN_ACTIONS: Action[] = [
  'stream',
  'read_transcript',
  'trail',
  'download',
  'export',
  'original',
];

/** All of a record that its viewer may see, in the shape of the contract. */
export function presentRecord(input: {
  manifest: Manifest;
  facts: RecordFacts;
  /** As it is now: the manifest has what was so when it was sealed. */
  retention: RecordView['retention'];
  archivedAt: Date | null;
  copies: { site: string; verifiedAt: Date | null }[];
  viewer: Viewer;
  clock: Clock;
  timeZone: string;
  language: 'zh' | 'en';
}): RecordView {
  const { manifest, facts, viewer, clock, timeZone, language } = input;
  const { metadata, classification, rendition, media } = manifest;
  const { customer, feedback } = metadata;
  const base = `/api/v1/records/${manifest.recordId}`;
  const decisions = SHOWN_ACTIONS.map((action) => ({
    action,
    decision: decide(viewer, action, facts, clock, timeZone),
  }));
  const video = rendition.kind === 'video';
  // What somebody said or wrote is content, redacted or not; the rest of a record is metadata.
  const attached = decide(viewer, 'attachment', facts, clock, timeZone).allowed;
  const reads = decisions.some((one) => one.action === 'read_transcript' && one.decision.allowed);
  return {
    id: manifest.recordId,
    state: facts.state,
    startedAt: metadata.startedAt.toISOString(),
    durationMs: media.durationMs,
    receivedAt: manifest.receivedAt.toISOString(),
    ...(input.archivedAt === null ? {} : { archivedAt: input.archivedAt.toISOString() }),
    tier: facts.tier,
    // What was set right since stands in the catalog; the manifest is as it was sealed.
    issueType: facts.issueType ?? classification.issueType,
    ...optional('industry', classification.industry),
    ...optional('segment', facts.segment ?? classification.segment),
    ...optional('businessType', classification.businessType ?? metadata.businessType),
    channel: metadata.channel,
    direction: metadata.direction,
    sourceSystem: metadata.sourceSystem,
    agent: { id: metadata.agent.id, ...optional('name', metadata.agent.name) },
    ...optional('team', facts.teamId ?? metadata.team),
    ...optional('queue', metadata.queue),
    customer: {
      ...optional('phoneMasked', customer.phone && maskPhone(customer.phone)),
      ...optional('accountMasked', customer.account && maskAccount(customer.account)),
      ...optional('nameMasked', customer.name && maskName(customer.name)),
    },
    ...(reads ? optional('demand', metadata.demand) : {}),
    ...(reads ? optional('agentNote', metadata.agentNote) : {}),
    ...(feedback === undefined ? {} : { feedback: reads ? feedback : scoreOf(feedback) }),
    ticketIds: metadata.ticketIds,
    events: reads ? metadata.events : metadata.events.map(({ note: _note, ...event }) => event),
    ...(decisions.some(({ action, decision }) => action === 'stream' && decision.allowed)
      ? {
          media: {
            kind: rendition.kind,
            url: `${base}/media`,
            mediaType: rendition.mediaType,
            ...(video ? { h264Url: `${base}/media/h264` } : {}),
            codec: rendition.codec,
            channels: rendition.channels,
            sampleRate: rendition.sampleRate,
            peaksUrl: `${base}/peaks`,
          },
        }
      : {}),
    // A picture cannot be masked by machine: not everyone who may read may see it.
    screenshots: attached ? screenshotsOf(manifest, base) : [],
    masked: maskedSpans(manifest),
    findingCounts: countFindings(manifest.findings),
    classification: classification.reasons,
    retention: input.retention,
    copies: input.copies.map(({ site, verifiedAt }) => ({
      site,
      ...(verifiedAt === null ? {} : { verifiedAt: verifiedAt.toISOString() }),
    })),
    may: decisions.filter(({ decision }) => decision.allowed).map(({ action }) => action),
    refused: decisions.flatMap(({ action, decision }) =>
      decision.allowed
        ? []
        : [
            {
              action,
              rule: decision.rule,
              reason: decision.reason[language],
              ...optional('askWhom', decision.askWhom),
            },
          ],
    ),
  };
}

const screenshotsOf = ({ objects }: Manifest, base: string) =>
  objects
    .filter(({ purpose }) => purpose === 'screenshot')
    .map(({ ordinal, mediaType }) => ({ url: `${base}/screenshots/${ordinal}`, mediaType }));

const scoreOf = ({ score }: { score?: number }) => (score === undefined ? {} : { score });

/** The redacted transcript with its replacements marked by what they stand for. */
export function presentTranscript(transcript: Transcript, findings: Finding[]): TranscriptView {
  return {
    language: transcript.language,
    turns: transcript.turns.map((turn, at) => ({
      channel: turn.channel,
      speaker: turn.speaker,
      startMs: turn.startMs,
      endMs: turn.endMs,
      text: turn.text,
      words: turn.words.map(({ text, startMs, endMs }) => {
        const type = /^\[.+\]$/.test(text)
          ? findings.find((one) => one.turn === at && overlaps(one, startMs, endMs))?.type
          : undefined;
        return { text, startMs, endMs, ...(type === undefined ? {} : { masked: type }) };
      }),
    })),
  };
}

function overlaps(finding: Finding, startMs: number, endMs: number): boolean {
  return (finding.startMs ?? 0) <= endMs && (finding.endMs ?? 0) >= startMs;
}

function maskedSpans(manifest: Manifest): RecordView['masked'] {
  return manifest.maskSpans.map((span) => {
    const finding = manifest.findings.find(
      (one) =>
        one.startMs !== undefined &&
        one.endMs !== undefined &&
        one.startMs < span.endMs &&
        one.endMs > span.startMs,
    );
    return { ...span, ...optional('type', finding?.type) };
  });
}

function countFindings(findings: Finding[]): { type: FindingType; count: number }[] {
  const counts = new Map<FindingType, number>();
  for (const { type } of findings) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].map(([type, count]) => ({ type, count }));
}

function optional<K extends string, V>(key: K, value: V | undefined | ''): { [P in K]?: V } {
  return (value === undefined || value === '' ? {} : { [key]: value }) as { [P in K]?: V };
}
