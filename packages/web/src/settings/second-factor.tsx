import { CheckCircleFilled, ExclamationCircleOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { EnrolTotpOut } from '@voxkeep/contract';
import { App, Button, Form, Input, QRCode, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem, ask } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { isWrongPassword } from './change-password.tsx';

type Enrolment = (typeof EnrolTotpOut)['_output'];

/** Whether signing in asks for a code as well, and the way to set that up. */
export function SecondFactor() {
  const { t } = useTranslation();
  const { secondFactor } = useSession();
  const [open, setOpen] = useState(false);
  return (
    <section className="card" aria-labelledby="own-factor" data-testid="second-factor">
      <h2 id="own-factor">{t('settings.factor')}</h2>
      <p className="factor-state" data-on={secondFactor}>
        <span className={secondFactor ? 'factor-on' : 'factor-off'} aria-hidden="true">
          {secondFactor ? <CheckCircleFilled /> : <ExclamationCircleOutlined />}
        </span>
        {t(secondFactor ? 'settings.factorOn' : 'settings.factorOff')}
      </p>
      {secondFactor ? (
        <p className="muted">{t('settings.factorReset')}</p>
      ) : open ? (
        <Enrol onClose={() => setOpen(false)} />
      ) : (
        <Button type="primary" onClick={() => setOpen(true)} data-testid="factor-begin">
          {t('settings.begin')}
        </Button>
      )}
    </section>
  );
}

/** Password, then the code to scan, then the first six digits: only then does it count. */
function Enrol({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { actor } = useSession();
  const [form] = Form.useForm<{ password: string }>();
  const begin = useMutation({
    mutationFn: ({ password }: { password: string }) =>
      ask<Enrolment>('/session/totp', { method: 'POST', body: { password } }),
    onError: (error) => {
      if (!isWrongPassword(error)) return;
      form.setFields([{ name: 'password', errors: [t('settings.wrongCurrent')] }]);
    },
  });
  if (begin.isSuccess) return <Confirm uri={begin.data.uri} onClose={onClose} />;
  return (
    <>
      {begin.isError && !isWrongPassword(begin.error) ? <ProblemPanel error={begin.error} /> : null}
      <Form
        form={form}
        name="factor-password"
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => begin.mutate(fields)}
      >
        <input type="text" hidden readOnly autoComplete="username" value={actor.username} />
        <Form.Item
          name="password"
          label={t('settings.confirmPassword')}
          rules={[{ required: true, message: t('settings.needed') }]}
        >
          <Input.Password autoFocus autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <span className="factor-buttons">
          <Button
            type="primary"
            htmlType="submit"
            loading={begin.isPending}
            data-testid="factor-next"
          >
            {t('settings.next')}
          </Button>
          <Button onClick={onClose}>{t('settings.cancel')}</Button>
        </span>
      </Form>
    </>
  );
}

function Confirm({ uri, onClose }: { uri: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ code: string }>();
  const confirm = useMutation({
    mutationFn: ({ code }: { code: string }) =>
      ask<void>('/session/totp/confirm', { method: 'POST', body: { code } }),
    onSuccess: async () => {
      void message.success(t('settings.enabled'));
      await queries.refetchQueries({ queryKey: sessionQuery.queryKey });
      onClose();
    },
    onError: (error) => {
      if (!isWrongCode(error)) return;
      form.setFields([{ name: 'code', value: '', errors: [t('code.TOTP_WRONG')] }]);
    },
  });
  const secret = new URL(uri).searchParams.get('secret') ?? '';
  return (
    <>
      <p>{t('settings.scan')}</p>
      <p className="muted">{t('settings.apps')}</p>
      {confirm.isError && !isWrongCode(confirm.error) ? (
        <ProblemPanel error={confirm.error} />
      ) : null}
      <div className="factor-setup">
        <div className="factor-qr" role="img" aria-label={t('settings.qr')}>
          <QRCode type="svg" value={uri} size={176} bordered={false} color="#000" bgColor="#fff" />
        </div>
        <div>
          <p className="muted">{t('settings.byHand')}</p>
          <Typography.Paragraph
            className="factor-key"
            code
            copyable={{ text: secret, tooltips: [t('shell.copy'), t('shell.copied')] }}
            data-testid="factor-secret"
          >
            {secret.replace(/(.{4})(?=.)/g, '$1 ')}
          </Typography.Paragraph>
          <Form
            form={form}
            name="factor-code"
            layout="vertical"
            requiredMark={false}
            onFinish={(fields) => confirm.mutate(fields)}
          >
            <Form.Item
              name="code"
              label={t('settings.code')}
              rules={[{ required: true, pattern: /^\d{6}$/, message: t('settings.codeNeeded') }]}
            >
              <Input
                autoFocus
                inputMode="numeric"
                autoComplete="one-time-code"
                maxLength={6}
                data-testid="factor-code"
              />
            </Form.Item>
            <span className="factor-buttons">
              <Button
                type="primary"
                htmlType="submit"
                loading={confirm.isPending}
                data-testid="factor-enable"
              >
                {t('settings.enable')}
              </Button>
              <Button onClick={onClose}>{t('settings.cancel')}</Button>
            </span>
          </Form>
        </div>
      </div>
    </>
  );
}

function isWrongCode(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === 'TOTP_WRONG';
}
