import type { PurposeCategory } from '@voxkeep/contract';
import { Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';

const CATEGORIES = [
  ...(['complaint', 'dispute', 'investigation', 'regulator', 'audit', 'security'] as const),
  'training',
] as const satisfies PurposeCategory[];

/** Why: a category that can be counted, and the case in words. Both of the form's `purpose`. */
export function PurposeFields() {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item
        name={['purpose', 'category']}
        label={t('access.purposeCategory')}
        rules={[{ required: true, message: t('access.needed') }]}
      >
        <Select
          placeholder={t('access.choose')}
          options={CATEGORIES.map((value) => ({ value, label: t(`access.category.${value}`) }))}
        />
      </Form.Item>
      <Form.Item
        name={['purpose', 'text']}
        label={t('access.purposeText')}
        extra={t('access.purposeHint')}
        rules={[{ required: true, min: 4, whitespace: true, message: t('access.purposeShort') }]}
      >
        <Input.TextArea
          rows={3}
          maxLength={1000}
          showCount
          placeholder={t('access.purposePlaceholder')}
          data-testid="purpose-text"
        />
      </Form.Item>
    </>
  );
}
