import { useQuery } from '@tanstack/react-query';
import type { EngagementView, ExternalFindingAbout } from '@voxkeep/contract';
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { evidenceQuery, samplesQuery } from '../api/engagement-queries.ts';
import { useCheckTitles } from './check-titles.ts';
import { CHECK_IDS } from './choices.ts';
import { shortened } from './finding-about.tsx';

type Kind = ExternalFindingAbout['kind'];
const KINDS = ['engagement', 'sample', 'evidence', 'record', 'check'] as const satisfies Kind[];
const RECORD_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a finding is about: a kind, and which one of it. */
export function AboutFields({ engagement, kind }: { engagement: EngagementView; kind: Kind }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const options = useOptions(engagement, kind);
  const needed = { required: true, message: t('engagements.needed') };
  return (
    <div className="engagement-pair">
      <Form.Item name="kind" label={t('engagementFinding.aboutTitle')}>
        <Select
          options={KINDS.map((value) => ({ value, label: t(`engagementFinding.about.${value}`) }))}
          onChange={() => form.resetFields(['about'])}
        />
      </Form.Item>
      {kind === 'engagement' ? null : (
        <Form.Item
          name="about"
          label={t('engagementFinding.which')}
          rules={
            kind === 'record'
              ? [needed, { pattern: RECORD_ID, message: t('subjects.notAnId') }]
              : [needed]
          }
        >
          {kind === 'record' ? (
            <Input autoComplete="off" maxLength={36} />
          ) : (
            <Select showSearch optionFilterProp="label" options={options} />
          )}
        </Form.Item>
      )}
    </div>
  );
}

function useOptions(
  { id, checks }: EngagementView,
  kind: Kind,
): { value: string; label: string }[] {
  const { t } = useTranslation();
  const samples = useQuery(samplesQuery(id));
  const evidence = useQuery(evidenceQuery(id));
  const titleOf = useCheckTitles(kind === 'check');
  if (kind === 'sample') {
    return (samples.data?.samples ?? []).map(({ id: value, number }) => ({
      ...{ value, label: t('engagementSample.name', { number }) },
    }));
  }
  if (kind === 'evidence') {
    return (evidence.data?.evidence ?? []).map(({ id: value, wanted }) => ({
      ...{ value, label: shortened(wanted) },
    }));
  }
  if (kind !== 'check') return [];
  const looked = checks.length === 0 ? CHECK_IDS : checks;
  return looked.map((value) => ({ value, label: titleOf(value) }));
}
