import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { PasskeyView } from '@voxkeep/contract';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { ACCESS } from '../api/access-queries.ts';
import { ask } from '../api/client.ts';
import { problemSentence } from '../shell/problem-words.ts';

/** Takes a passkey out of use for good; what it has signed stays signed. */
export function RevokePasskey({ passkey }: { passkey: PasskeyView }) {
  const { t } = useTranslation();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => ask<unknown>(`/access/passkeys/${passkey.id}/revoke`, { method: 'POST' }),
    onSuccess: async () => {
      void message.success(t('passkeys.revoked'));
      await queries.invalidateQueries({ queryKey: ACCESS });
    },
    onError: (error) => void message.error(problemSentence(error)),
  });
  const confirm = () =>
    void modal.confirm({
      title: t('passkeys.revokeTitle', { label: passkey.label, name: passkey.owner.name }),
      content: t('passkeys.revokeText'),
      okText: t('passkeys.revoke'),
      cancelText: t('shell.cancel'),
      okButtonProps: { danger: true },
      onOk: () => revoke.mutate(),
    });
  return (
    <Button
      danger
      size="small"
      loading={revoke.isPending}
      onClick={confirm}
      data-testid="passkey-revoke"
    >
      {t('passkeys.revoke')}
    </Button>
  );
}
