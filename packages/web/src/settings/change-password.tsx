import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiProblem, ask } from '../api/client.ts';
import { PASSWORD_CHANGED } from '../api/queries.ts';
import { endSession } from '../session/end-session.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

interface Fields {
  current: string;
  password: string;
  again: string;
}

/** One's own password; a change ends every session, this one included. */
export function ChangePassword() {
  const { t } = useTranslation();
  const { actor } = useSession();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const needed = { required: true, message: t('settings.needed') };
  const change = useMutation({
    mutationFn: ({ current, password }: Fields) =>
      ask<void>('/session/password', { method: 'POST', body: { current, password } }),
    onSuccess: () => {
      endSession(queries);
      queries.setQueryData(PASSWORD_CHANGED, true);
    },
    onError: (error) => {
      if (!isWrongPassword(error)) return;
      form.setFields([{ name: 'current', errors: [t('settings.wrongCurrent')] }]);
    },
  });
  return (
    <section className="card" aria-labelledby="own-password">
      <h2 id="own-password">{t('settings.password')}</h2>
      <p className="muted">{t('settings.passwordLead')}</p>
      {change.isError && !isWrongPassword(change.error) ? (
        <ProblemPanel error={change.error} />
      ) : null}
      <Form<Fields>
        form={form}
        name="own-password"
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => change.mutate(fields)}
      >
        <input type="text" hidden readOnly autoComplete="username" value={actor.username} />
        <Form.Item name="current" label={t('settings.current')} rules={[needed]}>
          <Input.Password autoComplete="current-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('settings.fresh')}
          extra={t('settings.freshHint')}
          rules={[needed, { min: 12, message: t('settings.short') }]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t('settings.again')}
          dependencies={['password']}
          rules={[
            needed,
            ({ getFieldValue }) => ({
              validator: (_, value: string | undefined) =>
                value === undefined || value === '' || value === getFieldValue('password')
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('settings.differs'))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={200} />
        </Form.Item>
        <Button
          type="primary"
          htmlType="submit"
          loading={change.isPending}
          data-testid="change-password"
        >
          {t('settings.save')}
        </Button>
      </Form>
    </section>
  );
}

export function isWrongPassword(error: unknown): boolean {
  return error instanceof ApiProblem && error.problem.code === 'SIGN_IN_FAILED';
}
