import type { GrantField } from '@voxkeep/contract';
import { Checkbox, Form } from 'antd';
import { useTranslation } from 'react-i18next';

/** What the grant is to open: the fields that this role may be given, each with what it means. */
export function FieldChoice({ fields }: { fields: readonly GrantField[] }) {
  const { t } = useTranslation();
  return (
    <Form.Item
      name="fields"
      label={t('access.fields')}
      rules={[
        {
          // Not `required`: that writes aria-required on a group, where it is not allowed.
          validator: (_, value: unknown) =>
            Array.isArray(value) && value.length > 0
              ? Promise.resolve()
              : Promise.reject(new Error()),
          message: t('access.fieldNeeded'),
        },
      ]}
    >
      <Checkbox.Group className="field-choice">
        {fields.map((field) => (
          <Checkbox key={field} value={field} data-testid={`field-${field}`}>
            <strong>{t(`access.field.${field}`)}</strong>
            <span className="muted field-hint">{t(`access.fieldHint.${field}`)}</span>
          </Checkbox>
        ))}
      </Checkbox.Group>
    </Form.Item>
  );
}
