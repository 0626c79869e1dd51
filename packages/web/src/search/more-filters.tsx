import { Input, InputNumber, Select, Space } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from './field.tsx';
import type { Filters } from './filters.ts';

interface More {
  hidden: boolean;
  draft: Filters;
  onChange: (part: Partial<Record<keyof Filters, string | undefined>>) => void;
  team: ReactNode;
  segment: ReactNode;
  industry: ReactNode;
}

/** The conditions that fewer searches need. */
export function MoreFilters({ hidden, draft, onChange, team, segment, industry }: More) {
  const { t } = useTranslation();
  if (hidden) return null;
  const duration = (name: 'minDurationS' | 'maxDurationS', label: string) => (
    <InputNumber<number>
      min={0}
      max={86_400}
      controls={false}
      aria-label={label}
      placeholder={t('search.any')}
      value={draft[name] === undefined ? null : Number(draft[name])}
      onChange={(value) => onChange({ [name]: value === null ? undefined : String(value) })}
    />
  );
  return (
    <>
      <Field label={t('search.team')}>{team}</Field>
      <Field label={t('search.segment')}>{segment}</Field>
      <Field label={t('search.industry')}>{industry}</Field>
      <Field label={t('search.channel')}>
        <Select
          allowClear
          aria-label={t('search.channel')}
          placeholder={t('search.any')}
          value={draft.channel ?? null}
          options={(['voice', 'video'] as const).map((value) => ({
            value,
            label: t(`channel.${value}`),
          }))}
          onChange={(value: string | null) => onChange({ channel: value ?? undefined })}
        />
      </Field>
      <Field label={t('search.direction')}>
        <Select
          allowClear
          aria-label={t('search.direction')}
          placeholder={t('search.any')}
          value={draft.direction ?? null}
          options={(['inbound', 'outbound', 'internal'] as const).map((value) => ({
            value,
            label: t(`direction.${value}`),
          }))}
          onChange={(value: string | null) => onChange({ direction: value ?? undefined })}
        />
      </Field>
      <Field label={t('search.duration')}>
        <Space.Compact className="durations">
          {duration('minDurationS', t('search.minDuration'))}
          {duration('maxDurationS', t('search.maxDuration'))}
        </Space.Compact>
      </Field>
      <Field label={t('search.hasFindings')}>
        <Select
          allowClear
          aria-label={t('search.hasFindings')}
          placeholder={t('search.any')}
          value={draft.hasFindings ?? null}
          options={[
            { value: 'true', label: t('search.withFindings') },
            { value: 'false', label: t('search.withoutFindings') },
          ]}
          onChange={(value: string | null) => onChange({ hasFindings: value ?? undefined })}
        />
      </Field>
      <Field label={t('search.ticket')}>
        <Input
          allowClear
          autoComplete="off"
          aria-label={t('search.ticket')}
          maxLength={100}
          value={draft.ticket ?? ''}
          onChange={(event) => onChange({ ticket: event.target.value })}
        />
      </Field>
    </>
  );
}
