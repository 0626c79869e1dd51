import { useQuery } from '@tanstack/react-query';
import type { RetentionRulesView } from '@voxkeep/contract';
import { Button, Modal, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { rulesTextQuery } from '../api/compliance-queries.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';

/** Every version that was ever in force; each opens whole, as an old answer rests on it. */
export function RuleVersions({ versions }: { versions: RetentionRulesView['versions'] }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<number>();
  return (
    <section className="card" aria-labelledby="rule-versions">
      <h2 id="rule-versions">{t('compliance.rules.versions')}</h2>
      <div
        className="scrolling"
        role="region"
        aria-label={t('compliance.rules.versionList')}
        tabIndex={0}
      >
        <table className="plain" data-testid="rule-versions">
          <thead>
            <tr>
              <th scope="col">{t('compliance.rules.number')}</th>
              <th scope="col">{t('compliance.rules.inForceAt')}</th>
              <th scope="col">{t('compliance.rules.carried')}</th>
              <th scope="col">{t('compliance.rules.by')}</th>
              <th scope="col">{t('compliance.rules.digest')}</th>
            </tr>
          </thead>
          <tbody>
            {versions.map(({ number, inForceAt, endedAt, actorId, digest }) => (
              <tr key={number}>
                <th scope="row">
                  <Button type="link" size="small" onClick={() => setOpened(number)}>
                    {t('compliance.rules.version', { n: number })}
                  </Button>
                </th>
                <td>
                  <Moment at={inForceAt} exact />
                </td>
                <td>
                  {endedAt === undefined ? (
                    t('compliance.rules.walking')
                  ) : (
                    <Moment at={endedAt} exact />
                  )}
                </td>
                <td title={actorId}>
                  {actorId === 'archive' ? t('role.system') : <code>…{actorId.slice(-8)}</code>}
                </td>
                <td>
                  <code title={digest}>{digest.slice(0, 16)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {opened === undefined ? null : (
        <VersionText number={opened} onClose={() => setOpened(undefined)} />
      )}
    </section>
  );
}

function VersionText({ number, onClose }: { number: number; onClose: () => void }) {
  const { t } = useTranslation();
  const text = useQuery(rulesTextQuery(number));
  return (
    <Modal
      open
      width={860}
      title={t('compliance.rules.version', { n: number })}
      footer={null}
      onCancel={onClose}
    >
      {text.isError ? (
        <ProblemPanel error={text.error} onRetry={() => void text.refetch()} />
      ) : text.isPending ? (
        <Skeleton active paragraph={{ rows: 12 }} />
      ) : (
        <pre
          className="rules-text"
          role="region"
          aria-label={t('compliance.rules.text')}
          tabIndex={0}
        >
          {text.data.rules}
        </pre>
      )}
    </Modal>
  );
}
