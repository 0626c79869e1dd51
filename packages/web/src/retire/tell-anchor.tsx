import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RecordRetention, RetentionAnchor } from '@voxkeep/contract';
import { App, Form, Input, Modal, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { termQuery } from '../api/term-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';

const ANCHORS = [
  ...(['contract_end', 'relationship_end', 'transaction_end', 'product_end'] as const),
  ...(['engagement_end', 'account_closure', 'dispute_end'] as const),
] as const satisfies RetentionAnchor[];

interface Fields {
  anchor: RetentionAnchor;
  day: string;
}

/** Tells the archive a day that the period of a record counts from. */
export function TellAnchor({ term, onClose }: { term: RecordRetention; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const tell = useMutation({
    mutationFn: ({ anchor, day }: Fields) =>
      ask<RecordRetention>(`/records/${term.recordId}/anchors/${anchor}`, {
        ...{ method: 'PUT', body: { day } },
      }),
    onSuccess: (now) => {
      queries.setQueryData(termQuery(term.recordId).queryKey, now);
      void message.success(t('term.told'));
      onClose();
    },
  });
  const needed = [{ required: true, message: t('term.needed') }];
  return (
    <Modal
      open
      title={t('term.tell')}
      okText={t('term.tell')}
      cancelText={t('shell.cancel')}
      confirmLoading={tell.isPending}
      okButtonProps={{ 'data-testid': 'tell-anchor-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {tell.isError ? <ProblemPanel error={tell.error} /> : null}
      <p className="dialog-lead">{t('term.tellLead')}</p>
      <Form<Fields>
        form={form}
        name="anchor"
        layout="vertical"
        requiredMark={false}
        initialValues={{ anchor: term.waitsFor[0] ?? 'dispute_end' }}
        onFinish={(fields) => tell.mutate(fields)}
      >
        <Form.Item name="anchor" label={t('term.tellAnchor')} rules={needed}>
          <Select options={ANCHORS.map((value) => ({ value, label: t(`term.anchor.${value}`) }))} />
        </Form.Item>
        <Form.Item name="day" label={t('term.tellDay')} rules={needed}>
          <Input type="date" data-testid="anchor-day" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
