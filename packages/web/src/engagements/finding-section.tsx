import { useQuery } from '@tanstack/react-query';
import type { EngagementView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { externalFindingsQuery } from '../api/engagement-queries.ts';
import { EngagementPart } from './engagement-part.tsx';
import { FindingItem } from './finding-item.tsx';
import { WriteFinding } from './write-finding.tsx';

/** What the auditors found wrong; it outlives the engagement until it is closed. */
export function FindingSection({ engagement }: { engagement: EngagementView }) {
  const { t } = useTranslation();
  const found = useQuery(externalFindingsQuery(engagement.id));
  const [writing, setWriting] = useState(false);
  return (
    <>
      <EngagementPart
        id="findings"
        title={t('engagementFinding.title')}
        hint={t('engagementFinding.hint')}
        none={t('engagementFinding.none')}
        found={found}
        items={({ findings }) =>
          findings.map((finding) => (
            <FindingItem key={finding.id} engagement={engagement} finding={finding} />
          ))
        }
        action={
          engagement.may.includes('examine') ? (
            <Button type="primary" onClick={() => setWriting(true)} data-testid="write-finding">
              {t('engagementFinding.write')}
            </Button>
          ) : null
        }
      />
      {writing ? <WriteFinding engagement={engagement} onClose={() => setWriting(false)} /> : null}
    </>
  );
}
