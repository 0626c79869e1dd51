import { AlertFilled } from '@ant-design/icons';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { AccessRequestView, BreakGlassIn } from '@voxkeep/contract';
import { Alert, Button, Checkbox, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACCESS, passkeysQuery } from '../api/access-queries.ts';
import { ask } from '../api/client.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { NamedRecords } from './asked-records.tsx';
import { FieldChoice } from './field-choice.tsx';
import { fieldsOf } from './grant-fields.ts';
import { MinutesChoice } from './minutes-choice.tsx';
import { PasskeyNeeded } from './passkey-needed.tsx';
import { PurposeFields } from './purpose-fields.tsx';
import { SignDialog } from './sign-dialog.tsx';
import { saysTheSame } from './signed-text.ts';
import './access.css';

type Fields = Omit<BreakGlassIn, 'recordId'> & { understood: boolean };

/** 紧急调取: one call, one hour at most, two signatures, and everybody is told. */
export function BreakGlassPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { actor, timeZone } = useSession();
  const { record } = useSearch({ from: '/signed-in/access/break-glass' });
  const passkeys = useQuery(passkeysQuery('mine'));
  const canSign = passkeys.data?.passkeys.some(({ state }) => state === 'enrolled') ?? false;
  const send = useMutation({
    mutationFn: ({ understood: _, ...fields }: Fields) =>
      ask<AccessRequestView>('/access/break-glass', {
        method: 'POST',
        body: { ...fields, recordId: record },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ACCESS }),
  });
  const asked = send.data;
  const leave = () => {
    const id = asked?.id;
    if (id !== undefined) {
      void navigate({ to: '/access/requests/$id', params: { id }, replace: true });
    }
  };
  const warnings = ['told', 'signed', 'short', 'reviewed', 'blocked'] as const;
  return (
    <div className="page break-glass">
      <div className="break-glass-head">
        <AlertFilled aria-hidden="true" />
        <div>
          <h1>{t('access.kind.break_glass')}</h1>
          <p>{t('access.breakGlassLead')}</p>
        </div>
      </div>
      {record === undefined ? (
        <p className="card page-empty">
          {t('access.askNothing')} <Link to="/">{t('shell.backToSearch')}</Link>
        </p>
      ) : (
        <div className="card">
          <PasskeyNeeded />
          <h2>{t('access.breakGlassKnow')}</h2>
          <ul className="warnings">
            {warnings.map((one) => (
              <li key={one}>{t(`access.warning.${one}`)}</li>
            ))}
          </ul>
          <h2>{t('access.askedCalls')}</h2>
          <NamedRecords ids={[record]} />
          {send.isError ? <ProblemPanel error={send.error} /> : null}
          {fieldsOf(actor.role).length === 0 ? (
            <Alert type="warning" showIcon title={t('access.noFields')} />
          ) : (
            <Form<Fields>
              name="break-glass"
              layout="vertical"
              className="ask-form"
              requiredMark={false}
              initialValues={{ fields: [], minutes: 30, understood: false }}
              onFinish={(fields) => send.mutate(fields)}
              scrollToFirstError
            >
              <FieldChoice fields={fieldsOf(actor.role)} />
              <PurposeFields />
              <MinutesChoice choices={[15, 30, 60]} />
              <Form.Item
                name="understood"
                valuePropName="checked"
                rules={[
                  {
                    validator: (_, value) =>
                      value === true ? Promise.resolve() : Promise.reject(new Error()),
                    message: t('access.understoodNeeded'),
                  },
                ]}
              >
                <Checkbox data-testid="understood">{t('access.understood')}</Checkbox>
              </Form.Item>
              <div className="form-buttons">
                <Button
                  danger
                  type="primary"
                  htmlType="submit"
                  icon={<AlertFilled />}
                  loading={send.isPending}
                  disabled={!canSign}
                  data-testid="break-glass-submit"
                >
                  {t('access.breakGlassSend')}
                </Button>
                <Link to="/access/ask" search={{ record: [record] }}>
                  {t('access.ratherAsk')}
                </Link>
              </div>
            </Form>
          )}
        </div>
      )}
      {asked?.may.includes('sign') ? (
        <SignDialog
          danger
          path={`/access/requests/${asked.id}`}
          action="sign"
          says={(canonical) => saysTheSame(canonical, asked, timeZone)}
          title={t('access.signTitle')}
          confirm={t('access.signNow')}
          onDone={leave}
          onClose={leave}
        >
          <p className="dialog-lead">{t('access.signBreakGlass')}</p>
        </SignDialog>
      ) : null}
    </div>
  );
}
