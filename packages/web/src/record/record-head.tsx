import { LeftOutlined, PrinterOutlined, RightOutlined, RollbackOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { RecordView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { AskLink } from '../access/ask-link.tsx';
import { HoldLink } from '../compliance/hold-link.tsx';
import { labelOf } from '../i18n/label-of.ts';
import { writeDuration } from '../i18n/moments.ts';
import { type Neighbours, rememberedFilters } from '../search/result-list.ts';
import { Moment } from '../shell/moment.tsx';
import { TierMark } from '../theme/tier-mark.tsx';

interface Head {
  record: RecordView | undefined;
  neighbours: Neighbours;
  onStep: (step: 1 | -1) => void;
}

/** Where we are in the results, and the call in one line. */
export function RecordHead({ record, neighbours, onStep }: Head) {
  const { t } = useTranslation();
  const { position, loaded, previousId, nextId, loadNext } = neighbours;
  return (
    <div className="record-head">
      <Link to="/" search={rememberedFilters()} className="back" title={`${t('record.back')} (u)`}>
        <RollbackOutlined /> {t('record.back')}
      </Link>
      <div className="record-title">
        <h1>
          {record === undefined ? (
            t('record.title')
          ) : (
            <>
              {labelOf('issueType', record.issueType)}
              <span className="record-sub num">{record.customer.phoneMasked}</span>
            </>
          )}
        </h1>
        {record === undefined ? null : (
          <p className="record-line">
            <TierMark tier={record.tier} />
            <Moment at={record.startedAt} exact />
            <span className="num">{writeDuration(record.durationMs)}</span>
            <span>{record.agent.name ?? record.agent.id}</span>
            <span>{t(`state.${record.state}`)}</span>
          </p>
        )}
      </div>
      <div className="record-steps">
        {record === undefined || record.refused.length === 0 ? null : (
          <AskLink recordId={record.id} actions={record.refused.map(({ action }) => action)} />
        )}
        {record === undefined ? null : <HoldLink recordId={record.id} />}
        {position === undefined ? null : (
          <span className="muted num">{t('record.position', { n: position, of: loaded })}</span>
        )}
        <Button
          icon={<LeftOutlined />}
          aria-label={t('record.previous')}
          title={`${t('record.previous')} (k)`}
          disabled={previousId === undefined}
          onClick={() => onStep(-1)}
        />
        <Button
          icon={<RightOutlined />}
          aria-label={t('record.next')}
          title={`${t('record.next')} (j)`}
          disabled={nextId === undefined && loadNext === undefined}
          onClick={() => onStep(1)}
          data-testid="next-record"
        />
        <Button
          icon={<PrinterOutlined />}
          aria-label={t('record.print')}
          title={t('record.print')}
          onClick={() => window.print()}
        />
      </div>
    </div>
  );
}
