import { Link } from '@tanstack/react-router';
import type { LedgerEntryView } from '@voxkeep/contract';
import { Drawer } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';
import type { LedgerFilter } from './ledger-filter.ts';
import { ProofPanel } from './proof-panel.tsx';

interface Entry {
  entry: LedgerEntryView | undefined;
  onFilter: (filter: LedgerFilter) => void;
  onClose: () => void;
}

/** All of one entry, and the proof that it is in the log. */
export function EntryDrawer({ entry, onFilter, onClose }: Entry) {
  const { t } = useTranslation();
  return (
    <Drawer
      title={entry === undefined ? '' : t('record.ledgerIndex', { n: entry.index })}
      size={520}
      open={entry !== undefined}
      onClose={onClose}
      destroyOnHidden
    >
      {entry === undefined ? null : (
        <>
          <Facts entry={entry} onFilter={onFilter} />
          <ProofPanel key={entry.index} entry={entry} />
        </>
      )}
    </Drawer>
  );
}

function Facts({ entry, onFilter }: Omit<Entry, 'onClose' | 'entry'> & { entry: LedgerEntryView }) {
  const { t } = useTranslation();
  const { actor, resource, purpose, detail } = entry;
  const ofRecord = resource !== undefined && entry.action.startsWith('record.');
  const facts: [string, ReactNode][] = [
    [t('ledger.action'), `${labelOf('action', entry.action)} · ${entry.action}`],
    [
      t('ledger.outcome'),
      <span key="outcome" className={entry.outcome === 'ok' ? '' : 'bad'}>
        {t(`outcome.${entry.outcome}`)}
      </span>,
    ],
    [
      t('ledger.actor'),
      <span key="actor">
        {actor.name === undefined ? '' : `${actor.name} · `}
        {labelOf('role', actor.role)} <code>{actor.id}</code>{' '}
        <button type="button" className="link" onClick={() => onFilter({ actor: actor.id })}>
          {t('ledger.onlyActor')}
        </button>
      </span>,
    ],
    [
      t('ledger.resource'),
      resource === undefined ? undefined : (
        <span key="resource">
          {ofRecord ? (
            <Link to="/records/$id" params={{ id: resource }}>
              <code>{resource}</code>
            </Link>
          ) : (
            <code>{resource}</code>
          )}{' '}
          <button type="button" className="link" onClick={() => onFilter({ record: resource })}>
            {t('ledger.onlyResource')}
          </button>
        </span>
      ),
    ],
    [t('ledger.at'), <Moment key="at" at={entry.at} exact />],
    [t('ledger.time'), <Moment key="time" at={entry.time} exact />],
    [
      t('ledger.purpose'),
      purpose === undefined ? undefined : (
        <span key="purpose">
          {labelOf('access.category', purpose.category)}
          {purpose.commitment === undefined ? null : (
            <code className="commitment" title={t('ledger.commitment')}>
              {purpose.commitment}
            </code>
          )}
        </span>
      ),
    ],
    [t('problem.requestId'), entry.requestId],
  ];
  return (
    <dl className="pairs entry-facts" data-testid="entry-facts">
      {facts
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      {Object.entries(detail ?? {}).map(([name, value]) => (
        <div key={`detail ${name}`}>
          <dt>
            <code>{name}</code>
          </dt>
          <dd>{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
