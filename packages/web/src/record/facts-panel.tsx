import type { RecordView } from '@voxkeep/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf, type OpenVocabulary } from '../i18n/label-of.ts';
import { writeDuration } from '../i18n/moments.ts';
import { Moment } from '../shell/moment.tsx';
import { Panel } from './panel.tsx';

/** What is known about the call besides its words. */
export function FactsPanel({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const { agent, customer, feedback } = record;
  const facts: [string, ReactNode][] = [
    [t('record.startedAt'), <Moment key="started" at={record.startedAt} exact />],
    [
      t('record.duration'),
      <span key="duration" className="num">
        {writeDuration(record.durationMs)}
      </span>,
    ],
    [t('record.agent'), agent.name === undefined ? agent.id : `${agent.name} · ${agent.id}`],
    [t('record.team'), record.team],
    [t('record.queue'), record.queue],
    [t('record.phone'), customer.phoneMasked],
    [t('record.account'), customer.accountMasked],
    [t('record.name'), customer.nameMasked],
    [t('record.segment'), worded('segment', record.segment)],
    [t('record.industry'), worded('industry', record.industry)],
    [t('record.businessType'), worded('businessType', record.businessType)],
    [t('record.channel'), t(`channel.${record.channel}`)],
    [t('record.direction'), t(`direction.${record.direction}`)],
    [t('record.source'), record.sourceSystem],
    [t('record.receivedAt'), <Moment key="received" at={record.receivedAt} exact />],
    [
      t('record.archivedAt'),
      record.archivedAt === undefined ? undefined : (
        <Moment key="archived" at={record.archivedAt} exact />
      ),
    ],
    [t('record.tickets'), record.ticketIds.length === 0 ? undefined : record.ticketIds.join(' ')],
    [
      t('record.feedback'),
      feedback === undefined
        ? undefined
        : [
            feedback.score === undefined ? '' : t('record.score', { n: feedback.score }),
            feedback.comment,
          ]
            .filter(Boolean)
            .join(' · '),
    ],
    [t('record.id'), <code key="id">{record.id}</code>],
  ];
  return (
    <Panel title={t('record.facts')}>
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== undefined && value !== '')
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
    </Panel>
  );
}

function worded(vocabulary: OpenVocabulary, value: string | undefined): string | undefined {
  return value === undefined ? undefined : labelOf(vocabulary, value);
}

/** What the customer wanted, and what the agent wrote down; both redacted. */
export function NotesPanel({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  // What was written down is content: whoever may not read it is not told that there is none.
  if (!record.may.includes('read_transcript')) return null;
  return (
    <div className="notes">
      <Panel title={t('record.demand')}>
        <p className={record.demand ? 'note' : 'muted'}>{record.demand ?? t('record.noDemand')}</p>
      </Panel>
      <Panel title={t('record.agentNote')}>
        <p className={record.agentNote ? 'note' : 'muted'}>
          {record.agentNote ?? t('record.noNote')}
        </p>
      </Panel>
    </div>
  );
}

export function FindingsPanel({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('record.findings')}>
      {record.findingCounts.length === 0 ? (
        <p className="muted">{t('record.noFindings')}</p>
      ) : (
        <ul className="chips">
          {record.findingCounts.map(({ type, count }) => (
            <li key={type} className="masked-word">
              {t('record.findingCount', { type: labelOf('finding', type), n: count })}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
