import { Form, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { WHOLE_PHONE } from './subject-fields.ts';

/** Whose calls they are: by a whole number, an account, or both. */
export function PersonFields() {
  const { t } = useTranslation();
  return (
    <div className="person-pair">
      <Form.Item
        name="phone"
        label={t('subjects.phone')}
        dependencies={['account']}
        rules={[
          { pattern: WHOLE_PHONE, message: t('subjects.wholePhone') },
          ({ getFieldValue }) => ({
            validator: (_, phone: unknown) =>
              isEmpty(phone) && isEmpty(getFieldValue('account'))
                ? Promise.reject(new Error(t('subjects.personNeeded')))
                : Promise.resolve(),
          }),
        ]}
      >
        <Input
          autoFocus
          autoComplete="off"
          maxLength={40}
          inputMode="tel"
          data-testid="subject-phone"
        />
      </Form.Item>
      <Form.Item name="account" label={t('subjects.account')}>
        <Input autoComplete="off" maxLength={100} data-testid="subject-account" />
      </Form.Item>
    </div>
  );
}

const isEmpty = (value: unknown) => typeof value !== 'string' || value.trim() === '';
