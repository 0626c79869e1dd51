import { useQueryClient } from '@tanstack/react-query';
import type { EngagementView, SampleIn, SampleView } from '@voxkeep/contract';
import { Checkbox, Form, Input, InputNumber, Modal, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { ApiProblem, ask } from '../api/client.ts';
import { sampleQuery } from '../api/engagement-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { CallsFields } from './calls-fields.tsx';
import { type CallsFields as Calls, callsIn } from './engagement-fields.ts';
import { commitmentTo, forgetNonce, isNonce, keepNonce, makeNonce } from './sample-nonce.ts';
import { useChange } from './use-change.ts';

const MOST = 500;
interface Fields extends Calls {
  size: number;
  nonce: string;
  noted: boolean;
}

/**
 * Asks for a sample. The nonce is made, kept and noted down before its commitment is sent: the auditor is bound before
 * the tree is there that the other half of the seed comes from.
 */
export function AskSample({
  engagement: { id, calls },
  onClose,
}: {
  engagement: EngagementView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [form] = Form.useForm<Fields>();
  const nonce = Form.useWatch('nonce', form);
  const asking = useChange<Fields, SampleView>({
    engagementId: id,
    part: 'samples',
    send: async (fields) => {
      const commitment = await commitmentTo(fields.nonce);
      keepNonce(commitment, fields.nonce);
      return sendCommitted(id, { calls: callsIn(fields), size: fields.size, commitment });
    },
    said: t('engagementSample.asked'),
    onDone: (sample) => {
      queries.setQueryData(sampleQuery(id, sample.id).queryKey, sample);
      onClose();
    },
  });
  const needed = { required: true, message: t('engagements.needed') };
  return (
    <Modal
      open
      title={t('engagementSample.ask')}
      width={640}
      okText={t('engagementSample.ask')}
      cancelText={t('shell.cancel')}
      confirmLoading={asking.isPending}
      okButtonProps={{ 'data-testid': 'ask-sample-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {asking.isError ? <ProblemPanel error={asking.error} /> : null}
      <p className="dialog-lead">{t('engagementSample.askLead')}</p>
      <Form<Fields>
        form={form}
        name="sample"
        layout="vertical"
        requiredMark={false}
        initialValues={{
          ...{ callsFrom: calls.from, callsTo: calls.to, tiers: calls.tiers, size: 25 },
          ...{ nonce: makeNonce(), noted: false },
        }}
        onFinish={(fields) => asking.mutate(fields)}
        scrollToFirstError
      >
        <CallsFields first={calls.from} last={calls.to} tiers={calls.tiers} />
        <Form.Item
          name="size"
          label={t('engagementSample.size')}
          extra={t('engagementSample.sizeHint', { most: MOST })}
          rules={[needed]}
        >
          <InputNumber min={1} max={MOST} precision={0} data-testid="sample-size" />
        </Form.Item>
        <Form.Item
          name="nonce"
          label={t('engagementSample.nonce')}
          extra={t('engagementSample.nonceHint')}
          rules={[
            {
              validator: (_, value: unknown) =>
                typeof value === 'string' && isNonce(value)
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('engagementSample.notANonce'))),
            },
          ]}
        >
          <Input
            className="engagement-nonce"
            autoComplete="off"
            spellCheck={false}
            maxLength={64}
            data-testid="sample-nonce"
            suffix={
              <Typography.Text
                copyable={{ text: nonce ?? '', tooltips: [t('shell.copy'), t('shell.copied')] }}
              />
            }
          />
        </Form.Item>
        <Form.Item
          name="noted"
          valuePropName="checked"
          rules={[
            {
              validator: (_, value: unknown) =>
                value === true
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('engagementSample.noteFirst'))),
            },
          ]}
        >
          <Checkbox data-testid="sample-noted">{t('engagementSample.noted')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** A request that was refused is of no use any more, nor is its nonce; one whose answer did not come may have been taken. */
async function sendCommitted(id: string, body: SampleIn): Promise<SampleView> {
  try {
    return await ask<SampleView>(`/engagements/${id}/samples`, { method: 'POST', body });
  } catch (error) {
    const status = error instanceof ApiProblem ? error.problem.status : 0;
    if (status >= 400 && status < 500) forgetNonce(body.commitment);
    throw error;
  }
}
