import { CheckCircleOutlined, ClockCircleOutlined, StopOutlined } from '@ant-design/icons';
import type { RecordView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import { AskLink } from '../access/ask-link.tsx';
import { labelOf } from '../i18n/label-of.ts';
import { writeList } from '../i18n/write-list.ts';
import { Moment } from '../shell/moment.tsx';
import { ChangeTier } from './change-tier.tsx';
import { HandOverCase } from './hand-over-case.tsx';
import { Panel } from './panel.tsx';

export function ClassificationPanel({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  if (record.classification.length === 0) return null;
  return (
    <Panel title={t('record.classification')}>
      <ul className="reasons">
        {record.classification.map(({ field, rule, because }) => (
          <li key={field + rule}>
            <span className="reason-field">{labelOf('record.field', field)}</span>
            <span>
              {because}
              <code className="rule" title={t('record.rule', { rule })}>
                {rule}
              </code>
            </span>
          </li>
        ))}
      </ul>
      <ChangeTier record={record} />
      <HandOverCase record={record} />
    </Panel>
  );
}

export function CopiesPanel({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('record.copies')}>
      <ul className="copies">
        {record.copies.map(({ site, verifiedAt }) => (
          <li key={site}>
            {verifiedAt === undefined ? (
              <ClockCircleOutlined className="pending" aria-hidden="true" />
            ) : (
              <CheckCircleOutlined className="good" aria-hidden="true" />
            )}
            <span>{labelOf('site', site)}</span>
            <span className="muted">
              {verifiedAt === undefined ? t('record.copyPending') : <VerifiedAt at={verifiedAt} />}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function VerifiedAt({ at }: { at: string }) {
  const { t } = useTranslation();
  const [before, after] = t('record.verifiedAt', { when: '\u0000' }).split('\u0000');
  return (
    <>
      {before}
      <Moment at={at} />
      {after}
    </>
  );
}

/** What this viewer may not do here: which rule says so, and whom to ask. */
export function RefusalPanel({ record }: { record: RecordView }) {
  const { t, i18n } = useTranslation();
  if (record.refused.length === 0) return null;
  // One rule often refuses several things: said once, with all of them.
  const rules = Map.groupBy(record.refused, ({ rule, reason }) => `${rule} ${reason}`);
  return (
    <Panel title={t('record.refused')}>
      <ul className="refusals">
        {[...rules].map(([key, [first, ...more]]) => {
          if (first === undefined) return null;
          const { rule, reason, askWhom } = first;
          const actions = [first, ...more].map(({ action }) => labelOf('action', action));
          return (
            <li key={key} data-testid="refusal">
              <StopOutlined aria-hidden="true" />
              <span>
                <strong>{writeList(actions, i18n.language)}</strong>
                <span className="refusal-reason">{reason}</span>
                <span className="muted refusal-foot">
                  {askWhom === undefined ? null : (
                    <span>{t('record.ask', { whom: labelOf('role', askWhom) })}</span>
                  )}
                  <code className="rule">{t('record.rule', { rule })}</code>
                  <AskLink
                    small
                    recordId={record.id}
                    actions={[first, ...more].map(({ action }) => action)}
                  />
                </span>
              </span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
