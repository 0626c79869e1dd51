import { Link } from '@tanstack/react-router';
import type { AccessRequestView } from '@voxkeep/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';
import { TierMark } from '../theme/tier-mark.tsx';
import { Countdown } from './countdown.tsx';
import { MandateExport } from './mandate-export.tsx';
import { MandateScopeText } from './mandate-scope.tsx';
import { type Act, RequestActions } from './request-actions.tsx';
import { FieldNames, KindMark } from './request-marks.tsx';

const FEW = 5;

interface Card {
  grant: AccessRequestView;
  aheadMs: number;
  onEnd: () => void;
}

/** One running grant: its countdown, what it opens, its calls, and the way to give it back. */
export function GrantCard({ grant, aheadMs, onEnd }: Card) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Act>();
  const [all, setAll] = useState(false);
  const { records, recordCount, endsAt, kind } = grant;
  const shown = all ? records : records.slice(0, FEW);
  return (
    <li className="card grant" data-testid="grant" data-id={grant.id}>
      <header className="grant-head">
        {kind === 'records' ? null : <KindMark kind={kind} />}
        <Link to="/access/requests/$id" params={{ id: grant.id }} className="grant-why">
          {t(`access.category.${grant.purpose.category}`)} · {grant.purpose.text}
        </Link>
        {endsAt === undefined ? null : (
          <Countdown endsAt={endsAt} aheadMs={aheadMs} onEnd={onEnd} />
        )}
      </header>
      {kind === 'mandate' ? (
        grant.scope === undefined ? null : (
          <MandateScopeText scope={grant.scope} />
        )
      ) : (
        <>
          <p className="muted">
            {t('access.opens')} <FieldNames fields={grant.fields} />
          </p>
          <ul className="grant-records">
            {shown.map((one) => (
              <li key={one.id}>
                <TierMark tier={one.tier} short />
                <Link to="/records/$id" params={{ id: one.id }} data-testid="granted-record">
                  {labelOf('issueType', one.issueType)}
                </Link>
                <Moment at={one.startedAt} exact />
                <span className="muted">{t('access.agentOf', { id: one.agentId })}</span>
              </li>
            ))}
          </ul>
          {records.length > FEW ? (
            <button type="button" className="link" onClick={() => setAll(!all)}>
              {all ? t('search.less') : t('access.showAll', { n: records.length })}
            </button>
          ) : null}
          {recordCount > records.length ? (
            <p className="muted">
              {t('access.moreRecords', { n: (recordCount - records.length).toLocaleString('en') })}
            </p>
          ) : null}
        </>
      )}
      <div className="grant-foot">
        <MandateExport request={grant} />
        <RequestActions request={grant} open={open} onOpen={setOpen} />
      </div>
    </li>
  );
}
