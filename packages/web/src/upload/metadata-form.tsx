import { useQuery } from '@tanstack/react-query';
import type { RecordMetadataInput } from '@voxkeep/contract';
import type { FormInstance } from 'antd';
import { DatePicker, Form, Input, Segmented, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { vocabularyQuery } from '../api/queries.ts';
import { labelOf } from '../i18n/label-of.ts';

/** The form's own shape: as flat as it looks. */
export interface MetadataFields {
  sourceSystem?: string;
  sourceCallId?: string;
  startedAt?: Dayjs | null;
  agentId?: string;
  agentName?: string;
  team?: string;
  queue?: string;
  direction: 'inbound' | 'outbound' | 'internal';
  channel: 'voice' | 'video';
  phone?: string;
  segment?: string;
  industry?: string;
  issueType?: string;
  demand?: string;
  agentNote?: string;
}

const PLAIN = ['team', 'queue', 'industry', 'issueType', 'demand', 'agentNote'] as const;

const SHOWN = [
  'sourceSystem',
  'sourceCallId',
  'startedAt',
  'direction',
  'channel',
  ...PLAIN,
] as const;

/** The sidecar's values for the form; what the form does not show is kept beside it. */
export function fieldsOf(metadata: Partial<RecordMetadataInput>): MetadataFields {
  const fields: MetadataFields = {
    direction: metadata.direction ?? 'inbound',
    channel: metadata.channel ?? 'voice',
  };
  for (const name of ['sourceSystem', 'sourceCallId', ...PLAIN] as const) {
    const value = metadata[name];
    if (value !== undefined) fields[name] = value;
  }
  if (metadata.startedAt !== undefined) fields.startedAt = dayjs(metadata.startedAt);
  if (metadata.agent?.id !== undefined) fields.agentId = metadata.agent.id;
  if (metadata.agent?.name !== undefined) fields.agentName = metadata.agent.name;
  if (metadata.customer?.phone !== undefined) fields.phone = metadata.customer.phone;
  if (metadata.customer?.segment !== undefined) fields.segment = metadata.customer.segment;
  return fields;
}

/** What is sent: the sidecar with the form's values over it; empty fields are left out. */
export function metadataOf(
  fields: MetadataFields,
  sidecar: Partial<RecordMetadataInput> = {},
): RecordMetadataInput {
  const filled = (value: string | undefined) => {
    const trimmed = value?.trim();
    return trimmed === '' ? undefined : trimmed;
  };
  const metadata: Record<string, unknown> = {
    ...sidecar,
    sourceSystem: filled(fields.sourceSystem),
    sourceCallId: filled(fields.sourceCallId),
    startedAt: fields.startedAt?.toISOString(),
    direction: fields.direction,
    channel: fields.channel,
    agent: { ...sidecar.agent, id: filled(fields.agentId), name: filled(fields.agentName) },
    customer: { ...sidecar.customer, phone: filled(fields.phone), segment: filled(fields.segment) },
  };
  for (const name of PLAIN) metadata[name] = filled(fields[name]);
  // JSON drops what is undefined, on every level.
  return JSON.parse(JSON.stringify(metadata)) as RecordMetadataInput;
}

/** The form's field for one of the interface's, such as 'metadata/agent/id'. */
export function fieldOf(path: string): keyof MetadataFields | undefined {
  const inner = path.replace(/^metadata\//, '');
  const nested: Record<string, keyof MetadataFields> = {
    ...{ 'agent/id': 'agentId', 'agent/name': 'agentName' },
    ...{ 'customer/phone': 'phone', 'customer/segment': 'segment' },
  };
  return nested[inner] ?? SHOWN.find((name) => name === inner);
}

export function MetadataForm({
  form,
  onSend,
}: {
  form: FormInstance<MetadataFields>;
  onSend: (fields: MetadataFields) => void;
}) {
  const { t } = useTranslation();
  const vocabulary = useQuery(vocabularyQuery);
  const needed = { required: true, message: t('upload.needed') };
  const text = (name: keyof MetadataFields & Label, maxLength: number, rules: object[] = []) => (
    <Form.Item name={name} label={t(`upload.${name}`)} rules={rules}>
      <Input maxLength={maxLength} autoComplete="off" />
    </Form.Item>
  );
  const choice = (name: 'segment' | 'issueType' | 'industry', values: string[] = []) => (
    <Form.Item name={name} label={t(`upload.${name}`)}>
      <Select
        allowClear
        showSearch
        placeholder={t('upload.byRules')}
        optionFilterProp="label"
        options={values.map((value) => ({ value, label: labelOf(name, value) }))}
      />
    </Form.Item>
  );
  return (
    <Form<MetadataFields>
      form={form}
      id="metadata"
      name="metadata"
      layout="vertical"
      className="metadata"
      initialValues={{ direction: 'inbound', channel: 'voice' }}
      onFinish={onSend}
      scrollToFirstError
    >
      {text('sourceSystem', 64, [
        needed,
        { pattern: /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, message: t('upload.badSourceSystem') },
      ])}
      {text('sourceCallId', 200, [needed])}
      <Form.Item name="startedAt" label={t('upload.startedAt')} rules={[needed]}>
        <DatePicker showTime style={{ inlineSize: '100%' }} />
      </Form.Item>
      {text('agentId', 64, [needed])}
      {text('agentName', 100)}
      {text('team', 64)}
      {text('queue', 64)}
      {text('phone', 40)}
      {choice('segment', vocabulary.data?.segments)}
      {choice('issueType', vocabulary.data?.issueTypes)}
      {choice('industry', vocabulary.data?.industries)}
      <Form.Item name="direction" label={t('upload.direction')}>
        <Segmented
          options={(['inbound', 'outbound', 'internal'] as const).map((value) => ({
            value,
            label: t(`direction.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="channel" label={t('upload.channel')}>
        <Segmented
          options={(['voice', 'video'] as const).map((value) => ({
            value,
            label: t(`channel.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item name="demand" label={t('upload.demand')} className="wide">
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={10_000} />
      </Form.Item>
      <Form.Item name="agentNote" label={t('upload.agentNote')} className="wide">
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={10_000} />
      </Form.Item>
    </Form>
  );
}

type Label = 'sourceSystem' | 'sourceCallId' | 'agentId' | 'agentName' | 'team' | 'queue' | 'phone';
