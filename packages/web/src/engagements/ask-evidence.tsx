import type { EngagementView, EvidenceIn, EvidenceView } from '@voxkeep/contract';
import { Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { useToday } from '../compliance/day-text.tsx';
import { readRecordIds } from '../compliance/record-ids.ts';
import { RecordIdsField } from '../compliance/record-ids-field.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { TEXT_LEAST } from './text-least.ts';
import { useChange } from './use-change.ts';

const MOST_RECORDS = 200;

/** Asks to be shown something by a day within the engagement. */
export function AskEvidence({
  engagement: { id, until },
  onClose,
}: {
  engagement: EngagementView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const today = useToday();
  const [form] = Form.useForm<Pick<EvidenceIn, 'wanted' | 'dueOn'>>();
  const [text, setText] = useState('');
  const { ids, wrong } = readRecordIds(text);
  const asking = useChange<EvidenceIn, EvidenceView>({
    engagementId: id,
    part: 'evidence',
    send: (body) => ask(`/engagements/${id}/evidence`, { method: 'POST', body }),
    said: t('engagementEvidence.asked'),
    onDone: onClose,
  });
  const unclear = wrong.length > 0 || ids.length > MOST_RECORDS;
  return (
    <Modal
      open
      title={t('engagementEvidence.ask')}
      width={640}
      okText={t('engagementEvidence.ask')}
      cancelText={t('shell.cancel')}
      confirmLoading={asking.isPending}
      okButtonProps={{ disabled: unclear, 'data-testid': 'ask-evidence-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {asking.isError ? <ProblemPanel error={asking.error} /> : null}
      <p className="dialog-lead">{t('engagementEvidence.askLead')}</p>
      <Form
        form={form}
        name="ask-evidence"
        layout="vertical"
        requiredMark={false}
        onFinish={(fields) => asking.mutate({ ...fields, recordIds: ids })}
      >
        <Form.Item
          name="wanted"
          label={t('engagementEvidence.wanted')}
          rules={[
            {
              ...{ required: true, whitespace: true, min: TEXT_LEAST },
              message: t('engagements.textLeast'),
            },
          ]}
        >
          <Input.TextArea rows={3} maxLength={4000} data-testid="evidence-wanted" />
        </Form.Item>
        <Form.Item
          name="dueOn"
          label={t('engagementEvidence.dueOn')}
          rules={[{ required: true, message: t('engagements.needed') }]}
        >
          <Input
            type="date"
            min={today}
            max={until}
            className="engagement-day"
            data-testid="evidence-due"
          />
        </Form.Item>
      </Form>
      <RecordIdsField text={text} onChange={setText} />
      {ids.length > MOST_RECORDS ? (
        <p className="state-bad">{t('engagementEvidence.tooMany', { most: MOST_RECORDS })}</p>
      ) : null}
    </Modal>
  );
}
