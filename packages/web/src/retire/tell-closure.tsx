import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ClosureIn, ClosureView } from '@voxkeep/contract';
import { App, Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { SUBJECTS } from '../api/subject-queries.ts';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { WHOLE_PHONE } from './subject-fields.ts';

interface Fields {
  reference: string;
  sourceSystem: string;
  account: string;
  phone?: string;
  closedOn: string;
}

/** Tells that an account was closed, where no system does: all of its calls are restricted. */
export function TellClosure({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const { timeZone } = useSession();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const today = writeInstant(new Date().toISOString(), timeZone).slice(0, 10);
  const tell = useMutation({
    mutationFn: (fields: Fields) =>
      ask<ClosureView>('/account-closures', { method: 'POST', body: closureOf(fields) }),
    onSuccess: async () => {
      void message.success(t('subjects.closureTold'));
      await queries.invalidateQueries({ queryKey: SUBJECTS });
      onClose();
    },
  });
  const needed = { required: true, whitespace: true, message: t('subjects.needed') };
  return (
    <Modal
      open
      title={t('subjects.tellClosure')}
      okText={t('subjects.enterOk')}
      cancelText={t('shell.cancel')}
      confirmLoading={tell.isPending}
      okButtonProps={{ 'data-testid': 'closure-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {tell.isError ? <ProblemPanel error={tell.error} /> : null}
      <p className="dialog-lead">{t('subjects.tellClosureLead')}</p>
      <Form<Fields>
        form={form}
        name="closure"
        layout="vertical"
        requiredMark={false}
        initialValues={{ closedOn: today }}
        onFinish={(fields) => tell.mutate(fields)}
      >
        <Form.Item
          name="reference"
          label={t('subjects.reference')}
          extra={t('subjects.referenceHint')}
          rules={[needed]}
        >
          <Input autoFocus autoComplete="off" maxLength={100} />
        </Form.Item>
        <Form.Item name="sourceSystem" label={t('subjects.sourceSystem')} rules={[needed]}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
        <Form.Item name="account" label={t('subjects.account')} rules={[needed]}>
          <Input autoComplete="off" maxLength={100} />
        </Form.Item>
        <Form.Item
          name="phone"
          label={t('subjects.phone')}
          rules={[{ pattern: WHOLE_PHONE, message: t('subjects.wholePhone') }]}
        >
          <Input autoComplete="off" maxLength={40} inputMode="tel" />
        </Form.Item>
        <Form.Item name="closedOn" label={t('subjects.closedOn')} rules={[needed]}>
          <Input type="date" max={today} />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function closureOf({ reference, sourceSystem, account, phone = '', closedOn }: Fields): ClosureIn {
  return {
    ...{ reference: reference.trim(), sourceSystem: sourceSystem.trim() },
    ...{ account: account.trim(), closedOn },
    ...(phone.trim() === '' ? {} : { phone: phone.trim() }),
  };
}
