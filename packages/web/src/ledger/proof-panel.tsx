import {
  CheckCircleFilled,
  CloseCircleFilled,
  DownloadOutlined,
  ExclamationCircleOutlined,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { LedgerEntryView } from '@voxkeep/contract';
import { Alert, Button, Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { keepFile } from '../api/download.ts';
import { ledgerProofQuery, ledgerStateQuery } from '../api/ledger-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { checkProof, type Verdict } from './check-proof.ts';

/** Step by step, and computed in this browser: the entry, the path, the signature. */
export function ProofPanel({ entry }: { entry: LedgerEntryView }) {
  const { t } = useTranslation();
  const proof = useQuery(ledgerProofQuery(entry.index));
  const state = useQuery(ledgerStateQuery);
  const verifierKey = state.data?.verifierKey;
  const checks = useQuery({
    queryKey: ['ledger', 'checked', entry.index, verifierKey],
    enabled: proof.data !== undefined && verifierKey !== undefined,
    queryFn: async () => {
      if (proof.data === undefined || verifierKey === undefined) throw new Error('no proof yet');
      return checkProof(entry, proof.data, verifierKey);
    },
  });
  const size = checks.data?.size.toLocaleString('en') ?? '';
  return (
    <section className="proof" aria-labelledby="proof-title" data-testid="proof">
      <h2 id="proof-title">{t('ledger.proof')}</h2>
      <p className="muted">{t('ledger.proofLead')}</p>
      {proof.isError ? (
        <ProblemPanel error={proof.error} onRetry={() => void proof.refetch()} />
      ) : checks.data === undefined ? (
        <Skeleton active title={false} paragraph={{ rows: 3 }} />
      ) : (
        <>
          <ul className="proof-steps">
            <Step verdict={checks.data.shown} step="shown" />
            <Step verdict={checks.data.included} step="included" n={size} />
            <Step verdict={checks.data.signed} step="signed" />
          </ul>
          {Object.values(checks.data).includes('bad') ? (
            <Alert type="error" showIcon title={t('ledger.proofBad')} />
          ) : null}
          <p>
            <Button
              size="small"
              icon={<DownloadOutlined />}
              onClick={() =>
                keepFile(
                  new Blob([proof.data?.file ?? ''], { type: 'text/plain' }),
                  `ledger-${String(entry.index)}.tlog-proof`,
                )
              }
              data-testid="proof-file"
            >
              {t('ledger.proofFile')}
            </Button>{' '}
            <span className="muted">{t('ledger.proofFileHint')}</span>
          </p>
          <details>
            <summary>{t('ledger.logged')}</summary>
            <pre className="note">{checks.data.text}</pre>
          </details>
        </>
      )}
    </section>
  );
}

const LOOKS = {
  good: ['good', <CheckCircleFilled key="good" aria-hidden="true" />],
  bad: ['bad', <CloseCircleFilled key="bad" aria-hidden="true" />],
  unsupported: ['pending', <ExclamationCircleOutlined key="none" aria-hidden="true" />],
} as const;

interface StepParts {
  verdict: Verdict;
  step: 'shown' | 'included' | 'signed';
  n?: string;
}

function Step({ verdict, step, n = '' }: StepParts) {
  const { t } = useTranslation();
  const [tone, icon] = LOOKS[verdict];
  return (
    <li data-testid={`proof-${step}`} data-state={verdict}>
      <span className={tone}>{icon}</span>
      <span>{t(`ledger.step.${step}.${verdict === 'unsupported' ? 'bad' : verdict}`, { n })}</span>
      {verdict === 'unsupported' ? (
        <span className="muted">{t('ledger.signature.unsupported')}</span>
      ) : null}
    </li>
  );
}
