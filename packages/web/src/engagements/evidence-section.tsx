import { useQuery } from '@tanstack/react-query';
import type { EngagementView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { evidenceQuery } from '../api/engagement-queries.ts';
import { AskEvidence } from './ask-evidence.tsx';
import { EngagementPart } from './engagement-part.tsx';
import { EvidenceItem } from './evidence-item.tsx';

/** What the auditors want to be shown, and what they were answered. */
export function EvidenceSection({ engagement }: { engagement: EngagementView }) {
  const { t } = useTranslation();
  const found = useQuery(evidenceQuery(engagement.id));
  const [asking, setAsking] = useState(false);
  return (
    <>
      <EngagementPart
        id="evidence"
        title={t('engagementEvidence.title')}
        hint={t('engagementEvidence.hint')}
        none={t('engagementEvidence.none')}
        found={found}
        items={({ evidence }) =>
          evidence.map((question) => (
            <EvidenceItem key={question.id} engagement={engagement} question={question} />
          ))
        }
        action={
          engagement.may.includes('examine') ? (
            <Button type="primary" onClick={() => setAsking(true)} data-testid="ask-evidence">
              {t('engagementEvidence.ask')}
            </Button>
          ) : null
        }
      />
      {asking ? <AskEvidence engagement={engagement} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
