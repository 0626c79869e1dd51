import { CheckCircleFilled } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { IntakeReceipt, RecordState } from '@voxkeep/contract';
import { Button, Steps } from 'antd';
import { useTranslation } from 'react-i18next';
import { recordStatusQuery } from '../api/queries.ts';
import { writeBytes } from '../i18n/moments.ts';
import { Reason } from '../jobs/reason.tsx';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';

const WAY = [
  'received',
  'probed',
  'transcribed',
  'redacted',
  'classified',
  'sealed',
  'archived',
] as const;
const SETTLED: RecordState[] = ['archived', 'quarantined', 'restricted', 'disposed'];
const POLL_MS = 1500;

/** What came of an upload, followed until the record is archived or needs a person. */
export function Receipt({ receipt, onAnother }: { receipt: IntakeReceipt; onAnother: () => void }) {
  const { t } = useTranslation();
  const session = useSession();
  const status = useQuery({
    ...recordStatusQuery(receipt.id),
    refetchInterval: ({ state }) =>
      state.data !== undefined && SETTLED.includes(state.data.state) ? false : POLL_MS,
  });
  const state = status.data?.state ?? receipt.state;
  const at = WAY.findIndex((step) => step === state);
  const stuck = state === 'quarantined';
  return (
    <section className="card receipt" data-testid="upload-receipt" data-state={state}>
      <h2 role="status">
        <CheckCircleFilled className="good" aria-hidden="true" />{' '}
        {t(receipt.created ? 'upload.doneNew' : 'upload.doneKnown')}
      </h2>
      <dl className="receipt-facts">
        <dt>{t('upload.recordId')}</dt>
        <dd>
          <code data-testid="upload-record-id">{receipt.id}</code>
        </dd>
        <dt>{t('upload.size')}</dt>
        <dd className="num">{writeBytes(receipt.mediaBytes)}</dd>
        <dt>{t('upload.state')}</dt>
        <dd>
          <strong data-testid="upload-state">{t(`state.${state}`)}</strong>
          {status.isError ? <span className="muted"> {t('upload.statusGone')}</span> : null}
        </dd>
      </dl>
      {at === -1 ? null : (
        <Steps
          size="small"
          current={state === 'archived' ? WAY.length : at}
          responsive
          items={WAY.map((step) => ({ title: t(`state.${step}`) }))}
        />
      )}
      {status.data?.reasonCode === undefined ? null : (
        <p>
          <Reason code={status.data.reasonCode} said={status.data.reason} />
        </p>
      )}
      {stuck ? <p className="muted">{t('jobs.quarantineNote')}</p> : null}
      <div className="receipt-actions">
        <Button onClick={onAnother}>{t('upload.another')}</Button>
        {state === 'archived' && mayOpen(session, 'search') ? (
          <Link to="/records/$id" params={{ id: receipt.id }}>
            {t('upload.open')}
          </Link>
        ) : null}
      </div>
    </section>
  );
}
