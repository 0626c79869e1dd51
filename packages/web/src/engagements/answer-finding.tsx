import type { ExternalFindingAnswerIn, ExternalFindingView } from '@voxkeep/contract';
import { Form, Input, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { useToday } from '../compliance/day-text.tsx';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { TEXT_LEAST } from './text-least.ts';
import { useChange } from './use-change.ts';

interface Fields {
  verdict: ExternalFindingAnswerIn['verdict'];
  text: string;
  dueOn?: string;
}

/** Accepts a finding, to be mended by a day, or disputes it; until it is closed it can be answered anew. */
export function AnswerFinding({
  finding: { id, engagementId, text: found },
  onClose,
}: {
  finding: ExternalFindingView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const today = useToday();
  const [form] = Form.useForm<Fields>();
  const verdict = Form.useWatch('verdict', form) ?? 'accepted';
  const answer = useChange<ExternalFindingAnswerIn, ExternalFindingView>({
    engagementId,
    part: 'findings',
    send: (body) =>
      ask(`/engagements/${engagementId}/findings/${id}/answer`, { method: 'POST', body }),
    said: t('engagementFinding.answered'),
    onDone: onClose,
  });
  return (
    <Modal
      open
      title={t('engagementFinding.answerIt')}
      width={640}
      okText={t('engagementFinding.answerIt')}
      cancelText={t('shell.cancel')}
      confirmLoading={answer.isPending}
      okButtonProps={{ 'data-testid': 'answer-finding-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {answer.isError ? <ProblemPanel error={answer.error} /> : null}
      <p className="dialog-lead engagement-words">{found}</p>
      <Form<Fields>
        form={form}
        name="finding-answer"
        layout="vertical"
        requiredMark={false}
        initialValues={{ verdict: 'accepted' }}
        onFinish={({ text, dueOn }) =>
          answer.mutate(
            verdict === 'accepted' ? { verdict, text, dueOn: dueOn ?? '' } : { verdict, text },
          )
        }
      >
        <Form.Item name="verdict" label={t('engagementFinding.verdict')}>
          <Radio.Group
            aria-label={t('engagementFinding.verdict')}
            options={(['accepted', 'disputed'] as const).map((value) => ({
              ...{ value, label: t(`engagementFinding.verdicts.${value}`) },
            }))}
          />
        </Form.Item>
        <Form.Item
          name="text"
          label={t('engagementFinding.answer')}
          rules={[
            {
              ...{ required: true, whitespace: true, min: TEXT_LEAST },
              message: t('engagements.textLeast'),
            },
          ]}
        >
          <Input.TextArea rows={4} maxLength={4000} data-testid="finding-answer" />
        </Form.Item>
        {verdict === 'accepted' ? (
          <Form.Item
            name="dueOn"
            label={t('engagementFinding.dueOn')}
            rules={[{ required: true, message: t('engagements.needed') }]}
          >
            <Input type="date" min={today} className="engagement-day" data-testid="finding-due" />
          </Form.Item>
        ) : null}
      </Form>
    </Modal>
  );
}
