import { Form, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';

/** How long, counted from the last signature. */
export function MinutesChoice({ choices }: { choices: readonly number[] }) {
  const { t } = useTranslation();
  return (
    <Form.Item name="minutes" label={t('access.minutes')} extra={t('access.minutesHint')}>
      <Segmented
        options={choices.map((value) => ({
          value,
          label:
            value % 60 === 0
              ? t('access.hours', { n: value / 60 })
              : t('access.minutesLong', { n: value }),
        }))}
      />
    </Form.Item>
  );
}
