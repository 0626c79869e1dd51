import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PasskeyView } from '@voxkeep/contract';
import { App, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACCESS } from '../api/access-queries.ts';
import { ask } from '../api/client.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { CompareFingerprint, useStatedFingerprint } from './fingerprint.tsx';
import { SignDialog } from './sign-dialog.tsx';
import { isEnrolmentOf } from './signed-text.ts';

interface Confirm {
  passkey: PasskeyView;
  onClose: () => void;
}

/** One of the two confirmations of somebody else's passkey: by signature, or by password at first. */
export function ConfirmPasskey({ passkey, onClose }: Confirm) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { value: fingerprint } = useStatedFingerprint(passkey);
  const done = () => {
    void message.success(t('passkeys.confirmed'));
    onClose();
  };
  if (passkey.confirmWith === 'password') {
    return (
      <ByPassword passkey={passkey} ready={fingerprint !== null} onClose={onClose} onDone={done} />
    );
  }
  return (
    <SignDialog
      path={`/access/passkeys/${passkey.id}`}
      action="confirm"
      title={t('passkeys.confirmTitle', { name: passkey.owner.name })}
      confirm={t('access.signNow')}
      ready={fingerprint !== null}
      says={(canonical) => isEnrolmentOf(canonical, passkey)}
      onDone={done}
      onClose={onClose}
    >
      <Vouch passkey={passkey} />
    </SignDialog>
  );
}

function ByPassword({
  passkey,
  ready,
  onClose,
  onDone,
}: Confirm & { ready: boolean; onDone: () => void }) {
  const { t } = useTranslation();
  const { actor } = useSession();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ password: string }>();
  const confirm = useMutation({
    mutationFn: (fields: { password: string }) =>
      ask<unknown>(`/access/passkeys/${passkey.id}/confirm`, { method: 'POST', body: fields }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ACCESS });
      onDone();
    },
  });
  return (
    <Modal
      open
      title={t('passkeys.confirmTitle', { name: passkey.owner.name })}
      okText={t('passkeys.confirm')}
      cancelText={t('shell.cancel')}
      confirmLoading={confirm.isPending}
      okButtonProps={{ disabled: !ready, 'data-testid': 'confirm-by-password' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {confirm.isError ? <ProblemPanel error={confirm.error} /> : null}
      <Vouch passkey={passkey} />
      <Form
        form={form}
        name="confirm-passkey"
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => (ready ? confirm.mutate(fields) : undefined)}
      >
        <input type="text" hidden readOnly autoComplete="username" value={actor.username} />
        <Form.Item
          name="password"
          label={t('settings.confirmPassword')}
          rules={[{ required: true, message: t('settings.needed') }]}
        >
          <Input.Password
            autoFocus
            autoComplete="current-password"
            maxLength={200}
            data-testid="confirm-password"
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function Vouch({ passkey }: { passkey: PasskeyView }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="dialog-lead">
        {t('passkeys.vouch', { name: passkey.owner.name, label: passkey.label })}
      </p>
      <CompareFingerprint passkey={passkey} />
    </>
  );
}
