import type { SampleView } from '@voxkeep/contract';
import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { RecordLink } from '../retire/record-link.tsx';
import { ScrollBox } from '../retire/scroll-box.tsx';

/** What the seed is of, to be noted down while it waits, and the calls in the order of the draw. */
export function SampleFacts({ sample }: { sample: SampleView }) {
  const { t } = useTranslation();
  const { state, number, population, commitment, asked, nonce, seed, records } = sample;
  const facts: [string, ReactNode][] = [
    [t('engagementSample.entry'), asked?.entry],
    [t('engagementSample.treeSize'), asked?.treeSize],
    [t('engagementSample.treeRoot'), asked?.root],
    [t('engagementSample.populationRoot'), population.root],
    [t('engagementSample.commitment'), commitment],
    [t('engagementSample.nonce'), nonce],
    [t('engagementSample.seed'), seed],
  ];
  return (
    <div className="engagement-open" data-testid="sample-facts">
      {state === 'asked' ? (
        <Alert type="info" showIcon title={t('engagementSample.noteTree')} />
      ) : null}
      <dl className="pairs engagement-digests">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
              </dd>
            </div>
          ))}
      </dl>
      {records.length === 0 ? null : <Drawn number={number} records={records} />}
    </div>
  );
}

function Drawn({ number, records }: Pick<SampleView, 'number' | 'records'>) {
  const { t } = useTranslation();
  return (
    <div className="tall-box">
      <ScrollBox label={t('engagementSample.drawnCalls', { number })}>
        <table className="plain" data-testid="drawn">
          <thead>
            <tr>
              <th scope="col" className="end">
                {t('engagementSample.place')}
              </th>
              <th scope="col">{t('engagementSample.record')}</th>
              <th scope="col" className="end">
                {t('engagementSample.position')}
              </th>
            </tr>
          </thead>
          <tbody>
            {records.map(({ recordId, position }, at) => (
              <tr key={recordId} data-testid="drawn-call">
                <td className="end num">{at + 1}</td>
                <th scope="row">
                  <RecordLink id={recordId} />
                </th>
                <td className="end num">{position}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </div>
  );
}
