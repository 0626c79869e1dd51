import { KeyOutlined, LockOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { MOST_CHOSEN, MOST_RECORDS } from '../access/ask-search.ts';
import { type Filters, hasFilters } from './filters.ts';

interface Choice {
  /** Whether the viewer may ask for access, and whether they may place a hold. */
  asks: boolean;
  holds: boolean;
  chosen: ReadonlySet<string>;
  filters: Filters;
  total: number;
  capped: boolean;
  onClear: () => void;
}

/** From results to a request for access, or to a hold: the chosen calls, or all that were found. */
export function ChoiceBar(choice: Choice) {
  const { asks, holds, chosen, filters, onClear } = choice;
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (chosen.size === 0) {
    return (
      <>
        {asks ? <AskWhole {...choice} /> : null}
        {holds ? (
          <Button
            size="small"
            icon={<LockOutlined />}
            disabled={!hasFilters(filters)}
            title={t(hasFilters(filters) ? 'search.holdsOn' : 'search.holdNeedsFilters')}
            onClick={() => void navigate({ to: '/compliance/holds/new', search: filters })}
            data-testid="hold-whole"
          >
            {t('search.holdWhole')}
          </Button>
        ) : null}
      </>
    );
  }
  const record = [...chosen];
  return (
    <span className="choice" data-testid="choice">
      <span className="num" role="status">
        {t('search.chosen', { n: chosen.size })}
      </span>
      {chosen.size >= MOST_CHOSEN ? (
        <span className="muted">{t('search.chosenFull', { n: MOST_CHOSEN })}</span>
      ) : null}
      {asks ? (
        <Button
          size="small"
          type="primary"
          icon={<KeyOutlined />}
          onClick={() => void navigate({ to: '/access/ask', search: { record } })}
          data-testid="ask-chosen"
        >
          {t('search.askChosen')}
        </Button>
      ) : null}
      {holds ? (
        <Button
          size="small"
          type="primary"
          icon={<LockOutlined />}
          onClick={() => void navigate({ to: '/compliance/holds/new', search: { record } })}
          data-testid="hold-chosen"
        >
          {t('search.holdChosen')}
        </Button>
      ) : null}
      <Button size="small" onClick={onClear}>
        {t('search.clearChosen')}
      </Button>
    </span>
  );
}

function AskWhole({ filters, total, capped }: Choice) {
  const { t } = useTranslation();
  const navigate = useNavigate();
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
