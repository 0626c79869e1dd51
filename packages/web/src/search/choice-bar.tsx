import { KeyOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { MOST_CHOSEN, MOST_RECORDS } from '../access/ask-search.ts';
import type { Filters } from './filters.ts';

interface Choice {
  chosen: ReadonlySet<string>;
  filters: Filters;
  total: number;
  capped: boolean;
  onClear: () => void;
}

/** From results to a request for access: the chosen calls, or all that were found. */
export function ChoiceBar({ chosen, filters, total, capped, onClear }: Choice) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (chosen.size === 0) {
    const tooMany = capped || total > MOST_RECORDS;
    return (
      <Button
        size="small"
        icon={<KeyOutlined />}
        disabled={total === 0 || tooMany}
        title={tooMany ? t('code.REQUEST_TOO_LARGE') : t('access.frozen')}
        onClick={() => void navigate({ to: '/access/ask', search: { ...filters, whole: '1' } })}
        data-testid="ask-whole"
      >
        {t('search.askWhole')}
      </Button>
    );
  }
  return (
    <span className="choice" data-testid="choice">
      <span className="num" role="status">
        {t('search.chosen', { n: chosen.size })}
      </span>
      {chosen.size >= MOST_CHOSEN ? (
        <span className="muted">{t('search.chosenFull', { n: MOST_CHOSEN })}</span>
      ) : null}
      <Button
        size="small"
        type="primary"
        icon={<KeyOutlined />}
        onClick={() => void navigate({ to: '/access/ask', search: { record: [...chosen] } })}
        data-testid="ask-chosen"
      >
        {t('search.askChosen')}
      </Button>
      <Button size="small" onClick={onClear}>
        {t('search.clearChosen')}
      </Button>
    </span>
  );
}
