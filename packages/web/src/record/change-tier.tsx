import type { RecordView, Tier } from '@voxkeep/contract';
import { Form, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { ask } from '../api/client.ts';
import { mayDo } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { RecordChange, useRecordChange } from './record-change.tsx';

const TIERS: readonly Tier[] = ['basic', 'core', 'sensitive'];
interface NewTier {
  tier: Tier;
  reason: string;
}

/** Another tier by a person's judgement: a stricter one at once, a looser one with a second person. */
export function ChangeTier({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const session = useSession();
  const change = useRecordChange(
    record.id,
    (body: NewTier) =>
      ask<{ state: string }>(`/records/${record.id}/reclassify`, { method: 'POST', body }),
    ({ state }) => t(state === 'done' ? 'record.tierChanged' : 'record.tierAwaits'),
  );
  const wanted = Form.useWatch('tier', change.form);
  if (!mayDo(session, 'reclassify')) return null;
  const looser = wanted !== undefined && TIERS.indexOf(wanted) < TIERS.indexOf(record.tier);
  return (
    <RecordChange change={change} title={t('record.changeTier')} testId="change-tier">
      <Form.Item
        name="tier"
        label={t('record.newTier')}
        rules={[{ required: true, message: t('record.newTierNeeded') }]}
        extra={looser ? t('record.looserNote') : t('record.stricterNote')}
      >
        <Radio.Group
          options={TIERS.filter((tier) => tier !== record.tier).map((tier) => ({
            value: tier,
            label: t(`tier.${tier}`),
          }))}
        />
      </Form.Item>
    </RecordChange>
  );
}
