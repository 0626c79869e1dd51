import { PlusOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { CredentialOptions, PasskeyView } from '@voxkeep/contract';
import { App, Button, Form, Input, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ACCESS, passkeysQuery } from '../api/access-queries.ts';
import { ask } from '../api/client.ts';
import { Moment } from '../shell/moment.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { Fingerprint } from './fingerprint.tsx';
import { forgetFingerprints, keepFingerprint, keptFingerprints } from './kept-fingerprints.ts';
import { fingerprintOfRegistration } from './key-fingerprint.ts';
import { createPasskey } from './passkey.ts';
import { PasskeyState } from './passkey-state.tsx';
import { RevokePasskey } from './revoke-passkey.tsx';
import './access.css';

type Options = (typeof CredentialOptions)['_output'];

/** A person's own passkeys: what they sign approvals and break-glass with. */
export function OwnPasskeys() {
  const { t } = useTranslation();
  const own = useQuery(passkeysQuery('mine'));
  const [adding, setAdding] = useState(false);
  const passkeys = own.data?.passkeys ?? NONE;
  const kept = keptFingerprints();
  useEffect(() => forgetFingerprints(settledOf(passkeys)), [passkeys]);
  return (
    <section className="card" id="passkeys" aria-labelledby="own-passkeys" data-testid="passkeys">
      <h2 id="own-passkeys">{t('passkeys.title')}</h2>
      <p className="muted">{t('passkeys.lead')}</p>
      {own.isError ? (
        <ProblemPanel error={own.error} onRetry={() => void own.refetch()} />
      ) : own.isPending ? (
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      ) : (
        <>
          <ul className="passkey-list">
            {passkeys.map((passkey) => (
              <li key={passkey.id} data-testid="passkey">
                <span>
                  <strong>{passkey.label}</strong>
                  <span className="muted">
                    {t('passkeys.createdAt')} <Moment at={passkey.createdAt} />
                  </span>
                  {passkey.state === 'awaiting' ? (
                    <OwnFingerprint value={kept[passkey.id]} />
                  ) : null}
                </span>
                <PasskeyState passkey={passkey} />
                {passkey.may.includes('revoke') ? <RevokePasskey passkey={passkey} /> : <span />}
              </li>
            ))}
          </ul>
          {adding ? (
            <AddPasskey onClose={() => setAdding(false)} />
          ) : (
            <Button
              type={passkeys.length === 0 ? 'primary' : 'default'}
              icon={<PlusOutlined />}
              onClick={() => setAdding(true)}
              data-testid="passkey-add"
            >
              {t('passkeys.add')}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

const NONE: readonly PasskeyView[] = [];
const settledOf = (passkeys: readonly PasskeyView[]) =>
  passkeys.filter(({ state }) => state !== 'awaiting').map(({ id }) => id);

/** What its owner reads out to those who confirm: as it was made here, not as the archive has it. */
function OwnFingerprint({ value }: { value: string | undefined }) {
  const { t } = useTranslation();
  if (value === undefined) return <span>{t('passkeys.fingerprintElsewhere')}</span>;
  return (
    <>
      <Fingerprint value={value} />
      <span>{t('passkeys.fingerprintOwn')}</span>
    </>
  );
}

function AddPasskey({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: async ({ label }: { label: string }) => {
      const options = await ask<Options>('/access/passkeys/options', { method: 'POST' });
      const registration = await createPasskey(options);
      const fingerprint = await fingerprintOfRegistration(registration);
      const made = await ask<PasskeyView>('/access/passkeys', {
        method: 'POST',
        body: { label: label.trim(), registration },
      });
      if (fingerprint !== undefined) keepFingerprint(made.id, fingerprint);
    },
    onSuccess: async () => {
      void message.success(t('passkeys.added'));
      await queries.invalidateQueries({ queryKey: ACCESS });
      onClose();
    },
  });
  return (
    <Form
      name="passkey"
      layout="vertical"
      requiredMark={false}
      onFinish={(fields: { label: string }) => add.mutate(fields)}
    >
      {add.isError ? <ProblemPanel error={add.error} /> : null}
      <Form.Item
        name="label"
        label={t('passkeys.label')}
        extra={t('passkeys.labelHint')}
        rules={[{ required: true, whitespace: true, message: t('access.needed') }]}
      >
        <Input autoFocus maxLength={60} autoComplete="off" data-testid="passkey-label" />
      </Form.Item>
      <span className="factor-buttons">
        <Button
          type="primary"
          htmlType="submit"
          loading={add.isPending}
          data-testid="passkey-create"
        >
          {t('passkeys.create')}
        </Button>
        <Button onClick={onClose}>{t('shell.cancel')}</Button>
      </span>
    </Form>
  );
}
