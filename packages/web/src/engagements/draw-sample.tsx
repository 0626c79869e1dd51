import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SampleView } from '@voxkeep/contract';
import { Form, Input, Modal } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { sampleQuery } from '../api/engagement-queries.ts';
import { codeWords } from '../i18n/label-of.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { commitmentTo, forgetNonce, isNonce, keptNonce } from './sample-nonce.ts';
import { useChange } from './use-change.ts';

/** Tells the nonce, and with it the draw is there. One of another sample does not leave this browser. */
export function DrawSample({
  engagementId,
  sample: { id, commitment },
  onClose,
}: {
  engagementId: string;
  sample: SampleView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [form] = Form.useForm<{ nonce: string }>();
  const { data } = useQuery(sampleQuery(engagementId, id));
  const draw = useChange<{ nonce: string }, SampleView>({
    engagementId,
    part: 'samples',
    send: (body) =>
      ask(`/engagements/${engagementId}/samples/${id}/draw`, { method: 'POST', body }),
    said: t('engagementSample.drawn'),
    onDone: (changed) => {
      forgetNonce(commitment);
      queries.setQueryData(sampleQuery(engagementId, id).queryKey, changed);
      onClose();
    },
  });
  const demandOwn = async (_: unknown, value: unknown) => {
    if (typeof value !== 'string' || !isNonce(value)) {
      throw new Error(t('engagementSample.notANonce'));
    }
    if ((await commitmentTo(value)) !== commitment)
      throw new Error(codeWords('SAMPLE_NONCE_WRONG'));
  };
  return (
    <Modal
      open
      title={t('engagementSample.draw')}
      width={640}
      okText={t('engagementSample.drawOk')}
      cancelText={t('shell.cancel')}
      confirmLoading={draw.isPending}
      okButtonProps={{ 'data-testid': 'draw-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {draw.isError ? <ProblemPanel error={draw.error} /> : null}
      <p className="dialog-lead">{t('engagementSample.drawLead')}</p>
      {data?.asked === undefined ? null : (
        <p className="dialog-lead engagement-digest">
          {t('engagementSample.treeRoot')} <code>{data.asked.root}</code>
        </p>
      )}
      <Form
        form={form}
        name="draw"
        layout="vertical"
        requiredMark={false}
        initialValues={{ nonce: keptNonce(commitment) ?? '' }}
        onFinish={(fields) => draw.mutate(fields)}
      >
        <Form.Item
          name="nonce"
          label={t('engagementSample.nonce')}
          extra={t('engagementSample.keptHint')}
          validateTrigger="onBlur"
          rules={[{ validator: demandOwn }]}
        >
          <Input
            className="engagement-nonce"
            autoComplete="off"
            spellCheck={false}
            maxLength={64}
            data-testid="draw-nonce"
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}
