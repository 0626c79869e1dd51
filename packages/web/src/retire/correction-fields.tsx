import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import type { CorrectedField, Vocabulary } from '@voxkeep/contract';
import { Button, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { vocabularyQuery } from '../api/queries.ts';
import { labelOf } from '../i18n/label-of.ts';

const FIELDS = ['segment', 'team', 'issueType'] as const satisfies CorrectedField[];
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is set right: of which call, which of its values, and to what. */
export function CorrectionFields() {
  const { t } = useTranslation();
  const needed = { required: true, message: t('subjects.needed') };
  return (
    <Form.List name="corrections" initialValue={[{}]}>
      {(rows, { add, remove }) => (
        <fieldset className="corrections">
          <legend>{t('subjects.corrections')}</legend>
          {rows.map(({ key, name }) => (
            <div key={key} className="correction">
              <Form.Item
                name={[name, 'recordId']}
                label={t('subjects.correctionRecord')}
                rules={[needed, { pattern: ID, message: t('subjects.notAnId') }]}
              >
                <Input autoComplete="off" maxLength={36} />
              </Form.Item>
              <Form.Item
                name={[name, 'field']}
                label={t('subjects.correctionField')}
                rules={[needed]}
              >
                <Select
                  options={FIELDS.map((value) => ({
                    ...{ value, label: t(`subjects.field.${value}`) },
                  }))}
                />
              </Form.Item>
              <Form.Item noStyle dependencies={[['corrections', name, 'field']]}>
                {({ getFieldValue }) => (
                  <NewValue
                    name={name}
                    field={FIELDS.find(
                      (one) => one === getFieldValue(['corrections', name, 'field']),
                    )}
                  />
                )}
              </Form.Item>
              <Button
                type="text"
                icon={<DeleteOutlined />}
                disabled={rows.length === 1}
                aria-label={t('subjects.removeCorrection', { n: name + 1 })}
                onClick={() => remove(name)}
              />
            </div>
          ))}
          <Button size="small" icon={<PlusOutlined />} onClick={() => add({})}>
            {t('subjects.addCorrection')}
          </Button>
        </fieldset>
      )}
    </Form.List>
  );
}

/** One of the values that calls can have there. */
function NewValue({ name, field }: { name: number; field: CorrectedField | undefined }) {
  const { t } = useTranslation();
  const vocabulary = useQuery(vocabularyQuery);
  return (
    <Form.Item
      name={[name, 'value']}
      label={t('subjects.correctionValue')}
      rules={[{ required: true, message: t('subjects.needed') }]}
    >
      <Select
        showSearch
        disabled={field === undefined}
        loading={vocabulary.isPending}
        options={field === undefined ? [] : optionsOf(field, vocabulary.data)}
      />
    </Form.Item>
  );
}

function optionsOf(field: CorrectedField, vocabulary: Vocabulary | undefined) {
  if (vocabulary === undefined) return [];
  const { segments, teams, issueTypes } = vocabulary;
  if (field === 'team') return teams.map((value) => ({ value, label: value }));
  const values = field === 'segment' ? segments : issueTypes;
  return values.map((value) => ({ value, label: labelOf(field, value) }));
}
