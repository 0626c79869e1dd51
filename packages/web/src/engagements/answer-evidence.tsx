import { useQuery } from '@tanstack/react-query';
import type { EvidenceAnswerIn, EvidenceView } from '@voxkeep/contract';
import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { auditsQuery } from '../api/audit-queries.ts';
import { ask } from '../api/client.ts';
import { readRecordIds } from '../compliance/record-ids.ts';
import { RecordIdsField } from '../compliance/record-ids-field.tsx';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { readEntries, referencesOf } from './engagement-fields.ts';
import { TEXT_LEAST } from './text-least.ts';
import { useChange } from './use-change.ts';

interface Fields {
  answer: string;
  audits?: string[];
  entries?: string;
}

/** Answers a question, and says what the answer rests on: audits, records, entries of the ledger. */
export function AnswerEvidence({
  question: { id, engagementId, wanted, recordIds },
  onClose,
}: {
  question: EvidenceView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { timeZone } = useSession();
  const [form] = Form.useForm<Fields>();
  const audits = useQuery(auditsQuery);
  const [text, setText] = useState(recordIds.join('\n'));
  const records = readRecordIds(text);
  const answering = useChange<EvidenceAnswerIn, EvidenceView>({
    engagementId,
    part: 'evidence',
    send: (body) =>
      ask(`/engagements/${engagementId}/evidence/${id}/answer`, { method: 'POST', body }),
    said: t('engagementEvidence.answered'),
    onDone: onClose,
  });
  return (
    <Modal
      open
      title={t('engagementEvidence.answerIt')}
      width={640}
      okText={t('engagementEvidence.answerIt')}
      cancelText={t('shell.cancel')}
      confirmLoading={answering.isPending}
      okButtonProps={{
        ...{ disabled: records.wrong.length > 0 },
        'data-testid': 'answer-evidence-confirm',
      }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {answering.isError ? <ProblemPanel error={answering.error} /> : null}
      <p className="dialog-lead engagement-words">{wanted}</p>
      <Form<Fields>
        form={form}
        name="answer"
        layout="vertical"
        requiredMark={false}
        onFinish={({ answer, audits: chosen = [], entries = '' }) =>
          answering.mutate({
            ...{ answer },
            references: referencesOf(chosen, records.ids, readEntries(entries).entries),
          })
        }
      >
        <Form.Item
          name="answer"
          label={t('engagementEvidence.answer')}
          rules={[
            {
              ...{ required: true, whitespace: true, min: TEXT_LEAST },
              message: t('engagements.textLeast'),
            },
          ]}
        >
          <Input.TextArea rows={4} maxLength={4000} data-testid="evidence-answer" />
        </Form.Item>
        <Form.Item
          name="audits"
          label={t('engagementEvidence.audits')}
          extra={t('engagementEvidence.referencesHint')}
        >
          <Select
            mode="multiple"
            allowClear
            optionFilterProp="label"
            loading={audits.isPending}
            options={(audits.data?.runs ?? []).map(({ id: value, asOf, outcome }) => ({
              value,
              label: `${writeInstant(asOf, timeZone)} ${
                outcome === undefined ? t('audits.running') : t(`auditOutcome.${outcome}`)
              }`,
            }))}
          />
        </Form.Item>
        <Form.Item
          name="entries"
          label={t('engagementEvidence.entries')}
          rules={[
            {
              validator: (_, value: unknown) =>
                readEntries(typeof value === 'string' ? value : '').wrong.length === 0
                  ? Promise.resolve()
                  : Promise.reject(new Error(t('engagementEvidence.notEntries'))),
            },
          ]}
        >
          <Input autoComplete="off" maxLength={2000} data-testid="evidence-entries" />
        </Form.Item>
      </Form>
      <RecordIdsField text={text} onChange={setText} />
    </Modal>
  );
}
