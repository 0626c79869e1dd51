import { useQuery } from '@tanstack/react-query';
import type { PasskeyView } from '@voxkeep/contract';
import { Alert, Button, Empty, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { passkeysQuery } from '../api/access-queries.ts';
import { labelOf } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { ConfirmPasskey } from './confirm-passkey.tsx';
import { StatedFingerprint } from './fingerprint.tsx';
import { PasskeyState } from './passkey-state.tsx';
import { RevokePasskey } from './revoke-passkey.tsx';
import './access.css';

const ORDER = { awaiting: 0, enrolled: 1, revoked: 2 } as const;

/** Everybody's passkeys, those that wait for a confirmation first. */
export function EnrolmentsPage() {
  const { t } = useTranslation();
  const all = useQuery(passkeysQuery('all'));
  const [confirming, setConfirming] = useState<PasskeyView>();
  const passkeys = (all.data?.passkeys ?? []).toSorted((a, b) => ORDER[a.state] - ORDER[b.state]);
  return (
    <div className="page enrolments">
      <div className="page-head">
        <h1>{t('passkeys.enrolments')}</h1>
        <p className="muted">{t('passkeys.enrolmentsLead')}</p>
      </div>
      {all.data?.founding === true ? (
        <Alert
          className="founding"
          type="info"
          showIcon
          title={t('passkeys.founding')}
          description={t('passkeys.foundingText')}
          data-testid="founding"
        />
      ) : null}
      {all.isError ? (
        <ProblemPanel error={all.error} onRetry={() => void all.refetch()} />
      ) : all.isPending ? (
        <div className="card" aria-busy="true">
          <Skeleton active title={false} paragraph={{ rows: 8 }} />
        </div>
      ) : passkeys.length === 0 ? (
        <div className="card page-empty">
          <Empty
            image={Empty.PRESENTED_IMAGE_SIMPLE}
            description={
              <>
                <p>
                  <strong>{t('passkeys.empty')}</strong>
                </p>
                <p>{t('passkeys.emptyText')}</p>
              </>
            }
          />
        </div>
      ) : (
        <ul className="card passkey-list passkey-list-all" data-testid="enrolment-list">
          {passkeys.map((passkey) => (
            <li key={passkey.id} data-testid="enrolment" data-owner={passkey.owner.name}>
              <span>
                <strong>
                  {passkey.owner.name}{' '}
                  <span className="muted">{labelOf('role', passkey.owner.role)}</span>
                </strong>
                <span className="muted">
                  {passkey.label} · {t('passkeys.createdAt')} <Moment at={passkey.createdAt} />
                </span>
                <StatedFingerprint passkey={passkey} />
              </span>
              <PasskeyState passkey={passkey} />
              <span className="passkey-buttons">
                {passkey.may.includes('confirm') ? (
                  <Button
                    type="primary"
                    size="small"
                    onClick={() => setConfirming(passkey)}
                    data-testid="passkey-confirm"
                  >
                    {t('passkeys.confirm')}
                  </Button>
                ) : null}
                {passkey.may.includes('revoke') ? <RevokePasskey passkey={passkey} /> : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {confirming === undefined ? null : (
        <ConfirmPasskey passkey={confirming} onClose={() => setConfirming(undefined)} />
      )}
    </div>
  );
}
