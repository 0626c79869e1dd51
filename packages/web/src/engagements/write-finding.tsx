import type {
  AuditSeverity,
  EngagementView,
  ExternalFindingAbout,
  ExternalFindingIn,
  ExternalFindingView,
} from '@voxkeep/contract';
import { Form, Input, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { ProblemPanel } from '../shell/problem-panel.tsx';
import { AboutFields } from './about-fields.tsx';
import { SEVERITIES } from './choices.ts';
import { TEXT_LEAST } from './text-least.ts';
import { useChange } from './use-change.ts';

interface Fields {
  severity: AuditSeverity;
  kind: ExternalFindingAbout['kind'];
  /** Absent for the engagement as a whole. */
  about?: string;
  text: string;
}

/** Writes down what is wrong; compliance is told. */
export function WriteFinding({
  engagement,
  onClose,
}: {
  engagement: EngagementView;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { id } = engagement;
  const [form] = Form.useForm<Fields>();
  const kind = Form.useWatch('kind', form) ?? 'engagement';
  const write = useChange<ExternalFindingIn, ExternalFindingView>({
    engagementId: id,
    part: 'findings',
    send: (body) => ask(`/engagements/${id}/findings`, { method: 'POST', body }),
    said: t('engagementFinding.written'),
    onDone: onClose,
  });
  return (
    <Modal
      open
      title={t('engagementFinding.write')}
      width={640}
      okText={t('engagementFinding.write')}
      cancelText={t('shell.cancel')}
      confirmLoading={write.isPending}
      okButtonProps={{ 'data-testid': 'write-finding-confirm' }}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {write.isError ? <ProblemPanel error={write.error} /> : null}
      <p className="dialog-lead">{t('engagementFinding.writeLead')}</p>
      <Form<Fields>
        form={form}
        name="finding"
        layout="vertical"
        requiredMark={false}
        initialValues={{ severity: 'medium', kind: 'engagement' }}
        onFinish={(fields) => write.mutate(findingOf(id, fields))}
      >
        <Form.Item name="severity" label={t('engagementFinding.severity')}>
          <Radio.Group
            aria-label={t('engagementFinding.severity')}
            options={SEVERITIES.map((value) => ({ value, label: t(`auditSeverity.${value}`) }))}
          />
        </Form.Item>
        <AboutFields engagement={engagement} kind={kind} />
        <Form.Item
          name="text"
          label={t('engagementFinding.text')}
          rules={[
            {
              ...{ required: true, whitespace: true, min: TEXT_LEAST },
              message: t('engagements.textLeast'),
            },
          ]}
        >
          <Input.TextArea rows={4} maxLength={4000} data-testid="finding-text" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function findingOf(
  engagementId: string,
  { severity, kind, about, text }: Fields,
): ExternalFindingIn {
  const id = kind === 'engagement' ? engagementId : (about ?? '');
  // Ids and kinds belong together as the fields offer them.
  return { severity, about: { kind, id } as ExternalFindingAbout, text };
}
