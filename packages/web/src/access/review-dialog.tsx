import { Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SignDialog } from './sign-dialog.tsx';
import { isReviewOf } from './signed-text.ts';

interface Review {
  requestId: string;
  path: string;
  onDone: () => void;
  onClose: () => void;
}

/** Afterwards, by somebody who had no part in it: was the break-glass right? Signed like an approval. */
export function ReviewDialog({ requestId, path, onDone, onClose }: Review) {
  const { t } = useTranslation();
  const [finding, setFinding] = useState<'justified' | 'not_justified'>();
  const [note, setNote] = useState('');
  const trimmed = note.trim();
  return (
    <SignDialog
      path={path}
      action="review"
      title={t('access.reviewTitle')}
      confirm={t('access.signReview')}
      query={finding === undefined ? {} : { review: finding }}
      says={(canonical) => isReviewOf(canonical, requestId, finding)}
      extra={{ finding, ...(trimmed === '' ? {} : { note: trimmed }) }}
      ready={finding !== undefined}
      onDone={onDone}
      onClose={onClose}
    >
      <Form layout="vertical" component="div">
        <Form.Item label={t('access.finding')} required>
          <Radio.Group
            aria-label={t('access.finding')}
            value={finding}
            onChange={({ target }) => setFinding(target.value as typeof finding)}
          >
            <Radio value="justified" data-testid="justified">
              {t('access.justified')}
            </Radio>
            <Radio value="not_justified">{t('access.notJustified')}</Radio>
          </Radio.Group>
        </Form.Item>
        <Form.Item label={t('access.note')}>
          <Input.TextArea
            rows={3}
            maxLength={500}
            aria-label={t('access.note')}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </Form.Item>
      </Form>
    </SignDialog>
  );
}
