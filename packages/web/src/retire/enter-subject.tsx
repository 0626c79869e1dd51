import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { SubjectKind, SubjectRequestView } from '@voxkeep/contract';
import { App, Checkbox, Form, Input, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { SUBJECTS } from '../api/subject-queries.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { CorrectionFields } from './correction-fields.tsx';
import { PersonFields } from './person-fields.tsx';
import { type SubjectFields, subjectOf } from './subject-fields.ts';
import { KINDS } from './subject-filter.ts';

/** Enters what a person asks for; somebody else of compliance grants it. */
export function EnterSubject({ today, onClose }: { today: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [form] = Form.useForm<SubjectFields>();
  const kind: SubjectKind = Form.useWatch('kind', form) ?? 'erasure';
  const enter = useMutation({
    mutationFn: (fields: SubjectFields) =>
      ask<SubjectRequestView>('/subject-requests', { method: 'POST', body: subjectOf(fields) }),
    onSuccess: async ({ id }) => {
      void message.success(t('subjects.entered'));
      await queries.invalidateQueries({ queryKey: SUBJECTS });
      await navigate({ to: '/compliance/requests/$id', params: { id } });
    },
  });
  const words = (least: number) => ({
    ...{ required: true, whitespace: true, min: least, message: t('subjects.needed') },
  });
  return (
    <Modal
      open
      title={t('subjects.enterTitle')}
      width={720}
      okText={t('subjects.enterOk')}
      cancelText={t('shell.cancel')}
      confirmLoading={enter.isPending}
      okButtonProps={{ 'data-testid': 'enter-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {enter.isError ? <ProblemPanel error={enter.error} /> : null}
      <p className="dialog-lead">{t('subjects.enterLead')}</p>
      <Form<SubjectFields>
        form={form}
        name="subject"
        layout="vertical"
        requiredMark={false}
        initialValues={{ kind: 'erasure', receivedOn: today }}
        onFinish={(fields) => enter.mutate(fields)}
        scrollToFirstError
      >
        <Form.Item
          name="kind"
          label={t('subjects.kindTitle')}
          extra={t(`subjects.kindHint.${kind}`)}
        >
          <Radio.Group
            aria-label={t('subjects.kindTitle')}
            options={KINDS.map((value) => ({ value, label: t(`subjects.kind.${value}`) }))}
          />
        </Form.Item>
        <PersonFields />
        <Form.Item
          name="identity"
          label={t('subjects.identity')}
          extra={t('subjects.identityHint')}
          rules={[words(2)]}
        >
          <Input.TextArea rows={2} maxLength={500} data-testid="subject-identity" />
        </Form.Item>
        <Form.Item name="note" label={t('subjects.note')}>
          <Input.TextArea rows={2} maxLength={2000} />
        </Form.Item>
        <Form.Item
          name="receivedOn"
          label={t('subjects.receivedOn')}
          extra={t('subjects.receivedHint')}
          rules={[words(1)]}
        >
          <Input type="date" max={today} className="day-field" />
        </Form.Item>
        {kind === 'copy' ? (
          <Form.Item name="withMedia" valuePropName="checked">
            <Checkbox>{t('subjects.withMedia')}</Checkbox>
          </Form.Item>
        ) : null}
        {kind === 'correction' ? <CorrectionFields /> : null}
      </Form>
    </Modal>
  );
}
