import { useQuery } from '@tanstack/react-query';
import type { ExternalFindingAbout } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { evidenceQuery, samplesQuery } from '../api/engagement-queries.ts';
import { RecordLink } from '../retire/record-link.tsx';
import { useCheckTitles } from './check-titles.ts';

/** What a finding is about: the engagement as a whole, or one thing of it. */
export function FindingAbout({
  engagementId,
  about: { kind, id },
}: {
  engagementId: string;
  about: ExternalFindingAbout;
}) {
  const { t } = useTranslation();
  return (
    <span className="engagement-about">
      {t(`engagementFinding.about.${kind}`)}{' '}
      {kind === 'record' ? (
        <RecordLink id={id} />
      ) : kind === 'sample' ? (
        <SampleName engagementId={engagementId} id={id} />
      ) : kind === 'evidence' ? (
        <QuestionName engagementId={engagementId} id={id} />
      ) : kind === 'check' ? (
        <CheckName id={id} />
      ) : null}
    </span>
  );
}

function SampleName({ engagementId, id }: { engagementId: string; id: string }) {
  const { data } = useQuery(samplesQuery(engagementId));
  const number = data?.samples.find((one) => one.id === id)?.number;
  return <span title={id}>{number ?? `…${id.slice(-8)}`}</span>;
}

function QuestionName({ engagementId, id }: { engagementId: string; id: string }) {
  const { data } = useQuery(evidenceQuery(engagementId));
  const wanted = data?.evidence.find((one) => one.id === id)?.wanted;
  return <span title={wanted ?? id}>{shortened(wanted ?? id)}</span>;
}

function CheckName({ id }: { id: string }) {
  const titleOf = useCheckTitles();
  return <span title={id}>{titleOf(id)}</span>;
}

const MOST_SHOWN = 40;

/** The beginning of a long text. */
export const shortened = (text: string): string =>
  text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
