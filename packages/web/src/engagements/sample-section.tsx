import { useQuery } from '@tanstack/react-query';
import type { EngagementView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { samplesQuery } from '../api/engagement-queries.ts';
import { AskSample } from './ask-sample.tsx';
import { EngagementPart } from './engagement-part.tsx';
import { SampleItem } from './sample-item.tsx';

/** Samples by number, those that were given up too; one waits at a time. */
export function SampleSection({ engagement }: { engagement: EngagementView }) {
  const { t } = useTranslation();
  const found = useQuery(samplesQuery(engagement.id));
  const [asking, setAsking] = useState(false);
  const waits = found.data?.samples.some(({ state }) => state === 'asked') ?? false;
  const action = engagement.may.includes('examine') ? (
    <Button
      type="primary"
      disabled={waits || found.data === undefined}
      title={waits ? t('code.SAMPLE_WAITS') : undefined}
      onClick={() => setAsking(true)}
      data-testid="ask-sample"
    >
      {t('engagementSample.ask')}
    </Button>
  ) : null;
  return (
    <>
      <EngagementPart
        id="samples"
        title={t('engagementSample.title')}
        hint={t('engagementSample.hint')}
        none={t('engagementSample.none')}
        found={found}
        items={({ samples }) =>
          samples.map((sample) => (
            <SampleItem key={sample.id} engagement={engagement} sample={sample} />
          ))
        }
        action={action}
      />
      {asking ? <AskSample engagement={engagement} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
