import { SafetyCertificateOutlined } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Modal, Skeleton } from 'antd';
import { type ReactNode, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ACCESS } from '../api/access-queries.ts';
import { ask, localProblem } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { fetchToSign, signWithPasskey } from './passkey.ts';

interface Signing {
  /** '/access/requests/:id'; its `…/challenge` is what gets signed. */
  path: string;
  action: 'approve' | 'sign' | 'review' | 'confirm';
  title: string;
  confirm: string;
  danger?: boolean;
  /** Asked for with the challenge. */
  query?: Record<string, string>;
  /** Whether the text to be signed says what the page shows; nothing else is signed. */
  says?: (canonical: string) => boolean;
  /** Sent beside the signature. */
  extra?: Record<string, unknown>;
  ready?: boolean;
  children: ReactNode;
  onDone: () => void;
  onClose: () => void;
}

/** What is signed, its digest, and the button that calls for the passkey. */
export function SignDialog(props: Signing) {
  const { path, action, query = {}, extra, children, onDone, onClose } = props;
  const { t } = useTranslation();
  const queries = useQueryClient();
  const toSign = useQuery({
    queryKey: ['to-sign', path, query],
    ...{ gcTime: 0, staleTime: 0, retry: false, enabled: props.ready !== false },
    queryFn: async ({ signal }) => {
      const found = await fetchToSign(path, query, signal);
      if (props.says?.(found.canonical) === false) throw localProblem('SHOWN_DIFFERS');
      return found;
    },
  });
  const sign = useMutation({
    mutationFn: async () => {
      if (toSign.data === undefined) return;
      const assertion = await signWithPasskey(toSign.data);
      await ask<unknown>(`${path}/${action}`, { method: 'POST', body: { ...extra, assertion } });
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ACCESS });
      onDone();
    },
    // A challenge is good once.
    onError: () => void toSign.refetch(),
  });
  const ready = toSign.data !== undefined && props.ready !== false;
  const button = useRef<HTMLButtonElement>(null);
  // Enter signs, as soon as what is signed can be seen and nothing else was begun in the dialog.
  const offer = () => {
    const elsewhere = document.activeElement?.matches('input, textarea') ?? false;
    if (ready && !elsewhere) button.current?.focus();
  };
  useLayoutEffect(offer, [ready]);
  return (
    <Modal
      open
      title={props.title}
      width={600}
      onCancel={onClose}
      afterOpenChange={offer}
      footer={
        <>
          <Button onClick={onClose}>{t('shell.cancel')}</Button>
          <Button
            ref={button}
            type="primary"
            danger={props.danger === true}
            icon={<SafetyCertificateOutlined />}
            loading={sign.isPending}
            disabled={!ready}
            onClick={() => sign.mutate()}
            data-testid="sign-now"
          >
            {props.confirm}
          </Button>
        </>
      }
    >
      {sign.isError ? <ProblemPanel error={sign.error} /> : null}
      {children}
      {toSign.isError ? (
        <ProblemPanel error={toSign.error} onRetry={() => void toSign.refetch()} />
      ) : (
        <div className="to-sign" aria-busy={toSign.isFetching}>
          {toSign.data === undefined && props.ready === false ? (
            <p className="muted">{t('access.digestLater')}</p>
          ) : toSign.data === undefined ? (
            <Skeleton active title={false} paragraph={{ rows: 2 }} />
          ) : (
            <>
              <p>
                {t('access.digest')}{' '}
                <code className="digest" title={toSign.data.digest} data-testid="digest">
                  {toSign.data.digest.slice(0, 16).replace(/(.{4})(?=.)/g, '$1 ')}…
                </code>
              </p>
              <p className="muted">{t('access.digestHint')}</p>
              <details>
                <summary>{t('access.canonical')}</summary>
                <pre data-testid="canonical">{toSign.data.canonical}</pre>
              </details>
            </>
          )}
        </div>
      )}
    </Modal>
  );
}
