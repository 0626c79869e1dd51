import type { Tier } from '@voxkeep/contract';
import { Checkbox, Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { TIERS } from './choices.ts';

/** Which calls: those of a period and of tiers, within what is offered. */
export function CallsFields({
  first,
  last,
  tiers = TIERS,
}: {
  first?: string;
  last?: string;
  tiers?: readonly Tier[];
}) {
  const { t } = useTranslation();
  const needed = [{ required: true, message: t('engagements.needed') }];
  return (
    <>
      <div className="engagement-pair">
        <Form.Item name="callsFrom" label={t('engagements.callsFrom')} rules={needed}>
          <Input type="date" min={first} max={last} data-testid="calls-from" />
        </Form.Item>
        <Form.Item name="callsTo" label={t('engagements.callsTo')} rules={needed}>
          <Input type="date" min={first} max={last} data-testid="calls-to" />
        </Form.Item>
      </div>
      <Form.Item
        name="tiers"
        label={t('engagements.tiers')}
        rules={[{ required: true, type: 'array', min: 1, message: t('engagements.needed') }]}
      >
        <Checkbox.Group
          aria-label={t('engagements.tiers')}
          options={tiers.map((value) => ({ value, label: t(`tier.${value}`) }))}
        />
      </Form.Item>
    </>
  );
}
