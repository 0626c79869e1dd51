import { useQuery } from '@tanstack/react-query';
import type { EngagementView, SampleView } from '@voxkeep/contract';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sampleQuery } from '../api/engagement-queries.ts';
import { PartyName } from '../retire/party-name.tsx';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { TierMark } from '../theme/tier-mark.tsx';
import { SampleMark } from './marks.tsx';
import { SampleActions } from './sample-actions.tsx';
import { SampleFacts } from './sample-facts.tsx';

/** One sample: what it is drawn from, and, opened, its calls and what the draw rests on. */
export function SampleItem({
  engagement,
  sample,
}: {
  engagement: EngagementView;
  sample: SampleView;
}) {
  const { t } = useTranslation();
  const { id, number, state, calls, population, size, askedBy, askedAt } = sample;
  // One that waits shows at once what its auditor has to note down.
  const [open, setOpen] = useState(state === 'asked');
  const name = t('engagementSample.name', { number });
  return (
    <li className="engagement-item" data-testid="sample" data-state={state}>
      <div className="card-line">
        <h3>{name}</h3>
        <SampleMark state={state} />
        <span>{t('engagementSample.of', { size, n: population.count.toLocaleString('en') })}</span>
        <span className="num">{t('engagements.span', calls)}</span>
        {calls.tiers.map((tier) => (
          <TierMark key={tier} tier={tier} short />
        ))}
        <span className="muted">
          <PartyName party={askedBy} /> <Moment at={askedAt} />
        </span>
        <Button
          size="small"
          aria-expanded={open}
          aria-label={t(open ? 'engagementSample.shutIt' : 'engagementSample.openIt', { name })}
          onClick={() => setOpen(!open)}
          data-testid="open-sample"
        >
          {t(open ? 'engagementSample.shut' : 'engagementSample.open')}
        </Button>
      </div>
      <SampleActions engagement={engagement} sample={sample} />
      {open ? <OpenSample engagementId={engagement.id} sampleId={id} /> : null}
    </li>
  );
}

function OpenSample({ engagementId, sampleId }: { engagementId: string; sampleId: string }) {
  const found = useQuery(sampleQuery(engagementId, sampleId));
  if (found.isError) {
    return <ProblemPanel error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (found.isPending) return <Skeleton active title={false} paragraph={{ rows: 3 }} />;
  return <SampleFacts sample={found.data} />;
}
