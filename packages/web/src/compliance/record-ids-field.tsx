import { Input } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { callsOf } from '../i18n/calls-of.ts';
import { readRecordIds } from './record-ids.ts';

const WRONG_SHOWN = 3;

/** Records by their ids, as they are pasted out of a letter or a table; what is none is named at once. */
export function RecordIdsField({
  text,
  onChange,
}: {
  text: string;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const [field, says] = [useId(), useId()];
  const { ids, wrong } = readRecordIds(text);
  return (
    <div className="record-ids">
      <label htmlFor={field}>{t('compliance.place.ids')}</label>
      <Input.TextArea
        id={field}
        aria-describedby={says}
        {...(wrong.length > 0 ? { status: 'error' } : {})}
        autoSize={{ minRows: 2, maxRows: 8 }}
        placeholder={t('compliance.place.idsPlaceholder')}
        value={text}
        onChange={({ target }) => onChange(target.value)}
        data-testid="hold-records"
      />
      <p id={says} role="status" className={wrong.length > 0 ? 'state-bad' : 'muted'}>
        {wrong.length > 0
          ? t('compliance.place.notIds', { words: wrong.slice(0, WRONG_SHOWN).join('  ') })
          : callsOf(t, ids.length)}
      </p>
    </div>
  );
}
