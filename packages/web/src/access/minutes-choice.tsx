import { Form, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { writeMinutes } from './write-minutes.ts';

/** How long, counted from the last signature. */
export function MinutesChoice({ choices }: { choices: readonly number[] }) {
  const { t } = useTranslation();
  return (
    <Form.Item name="minutes" label={t('access.minutes')} extra={t('access.minutesHint')}>
      <Segmented options={choices.map((value) => ({ value, label: writeMinutes(t, value) }))} />
    </Form.Item>
  );
}
