import {
  CheckCircleFilled,
  CloseCircleFilled,
  ExclamationCircleOutlined,
  LoadingOutlined,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { LedgerStateView } from '@voxkeep/contract';
import { Alert, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { ledgerStateQuery } from '../api/ledger-queries.ts';
import { codeWords, labelOf } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { checkSignature, readCheckpoint } from './signed-note.ts';

/** The newest checkpoint, its signature checked here, and whether anybody else vouches for it. */
export function CheckpointBar() {
  const { t } = useTranslation();
  const state = useQuery(ledgerStateQuery);
  if (state.isError) {
    return <ProblemPanel error={state.error} onRetry={() => void state.refetch()} />;
  }
  if (state.data === undefined) return <div className="card checkpoint" aria-busy="true" />;
  const { signedAt, healthy, verifierKey, origin, succeeds } = state.data;
  // Of the checkpoint whose signature is checked below; the newest entries may lie beyond it.
  const size = readCheckpoint(state.data.checkpoint)?.size ?? 0;
  return (
    <>
      {healthy ? null : <Alert type="error" showIcon title={t('status.unhealthy')} />}
      {state.data.toRestore > 0 ? (
        <Alert
          type="info"
          showIcon
          data-testid="ledger-restoring"
          title={t('ledger.toRestore', { n: state.data.toRestore.toLocaleString('en') })}
        />
      ) : null}
      <Troubles state={state.data} />
      <section className="card checkpoint" aria-label={t('ledger.checkpoint')}>
        <p>
          <strong className="num" data-testid="ledger-size">
            {t('ledger.size', { n: size.toLocaleString('en') })}
          </strong>
          <span>
            {t('ledger.signedAt')} <Moment at={signedAt} />
          </span>
          <Signature state={state.data} />
          <Witnesses state={state.data} />
        </p>
        {succeeds === undefined ? null : (
          <p className="muted" data-testid="ledger-succeeds">
            {t('ledger.succeeds', {
              ...{ origin: succeeds.origin, n: succeeds.size.toLocaleString('en') },
            })}
          </p>
        )}
        <details>
          <summary>{t('ledger.keyTitle')}</summary>
          <p className="muted">{t('ledger.keyHint')}</p>
          <dl className="pairs">
            <dt>{t('status.ledgerOrigin')}</dt>
            <dd>{origin}</dd>
            <dt>{t('status.verifierKey')}</dt>
            <dd>
              <Typography.Text copyable={{ text: verifierKey }} code>
                {verifierKey}
              </Typography.Text>
            </dd>
            <dt>{t('ledger.checkpoint')}</dt>
            <dd>
              <pre className="note">{state.data.checkpoint}</pre>
            </dd>
          </dl>
        </details>
      </section>
    </>
  );
}

/** What a site or a witness answered last, where that was no success. */
function Troubles({ state: { sites, witnesses, healthy, lastError } }: { state: LedgerStateView }) {
  const { t } = useTranslation();
  const met = [
    { where: t('ledger.title'), code: healthy ? undefined : lastError },
    ...sites.map(({ name, lastError: code }) => ({
      where: labelOf('site', name),
      // Its own words are those for an act that was refused.
      code: code === 'LEDGER_UNAVAILABLE' ? 'SITE_UNREACHABLE' : code,
    })),
    ...witnesses.map(({ name, lastError: code }) => ({ where: name, code })),
  ].flatMap(({ where, code }) => (code === undefined ? [] : [{ where, code }]));
  return met.map(({ where, code }) => (
    <Alert
      key={where}
      type="warning"
      showIcon
      data-testid="ledger-trouble"
      title={t('ledger.trouble', { where, what: codeWords(code) ?? code })}
    />
  ));
}

function Signature({ state }: { state: LedgerStateView }) {
  const { t } = useTranslation();
  const { checkpoint, verifierKey } = state;
  const checked = useQuery({
    queryKey: ['ledger', 'signature', checkpoint, verifierKey],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const read = readCheckpoint(checkpoint);
      return read === undefined ? 'bad' : checkSignature(read, verifierKey);
    },
  });
  if (checked.data === undefined) return <LoadingOutlined aria-label={t('ledger.checking')} />;
  const looks = {
    good: ['state-good', <CheckCircleFilled key="good" aria-hidden="true" />],
    bad: ['state-bad', <CloseCircleFilled key="bad" aria-hidden="true" />],
    unsupported: ['state-held', <ExclamationCircleOutlined key="none" aria-hidden="true" />],
  } as const;
  const [tone, icon] = looks[checked.data];
  return (
    <span className={`state ${tone}`} data-testid="checkpoint-signature" data-state={checked.data}>
      {icon}
      {t(`ledger.signature.${checked.data}`)}
    </span>
  );
}

function Witnesses({ state }: { state: LedgerStateView }) {
  const { t } = useTranslation();
  const { witnessed, quorum, witnesses, witnessedAt } = state;
  return (
    <span
      className={`state ${witnessed ? 'state-good' : 'state-held'}`}
      title={witnesses.map(({ name }) => name).join(' ')}
      data-testid="witnessed"
      data-state={witnessed}
    >
      {witnessed ? (
        <CheckCircleFilled aria-hidden="true" />
      ) : (
        <ExclamationCircleOutlined aria-hidden="true" />
      )}
      {witnessed
        ? t('ledger.witnessed', { n: quorum })
        : t(quorum === 0 ? 'ledger.unwitnessed' : 'ledger.witnessesMissing')}
      {witnessedAt === undefined ? null : (
        <span className="muted">
          <Moment at={witnessedAt} />
        </span>
      )}
    </span>
  );
}
