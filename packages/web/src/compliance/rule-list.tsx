import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { DayText, useToday } from './day-text.tsx';
import { Mark } from './mark.tsx';
import { conditionsOf, type Rule, toneOfVerified, writePeriod } from './rule-words.ts';

/** Rules in force, those first that somebody has to read again. */
export function RuleList({ profiles }: { profiles: readonly Rule[] }) {
  const { t } = useTranslation();
  const today = useToday();
  const [wanted, setWanted] = useState('');
  const isDue = ({ reviewBy }: Rule) => reviewBy !== undefined && reviewBy <= today;
  const text = wanted.trim().toLowerCase();
  const shown = profiles
    .filter((rule) => JSON.stringify(rule).toLowerCase().includes(text))
    .toSorted((a, b) => Number(isDue(b)) - Number(isDue(a)));
  return (
    <section className="card" aria-labelledby="rules-in-force">
      <div className="card-line">
        <h2 id="rules-in-force">
          {t('compliance.rules.inForce')} <span className="num">{profiles.length}</span>
        </h2>
        <Input
          allowClear
          className="rules-find"
          aria-label={t('compliance.rules.find')}
          placeholder={t('compliance.rules.find')}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      </div>
      {shown.length === 0 ? (
        <p className="muted">{t('compliance.rules.nothingFound')}</p>
      ) : (
        <ul className="rules" data-testid="rules">
          {shown.map((rule) => (
            <RuleItem key={rule.id} rule={rule} isDue={isDue(rule)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function RuleItem({ rule, isDue }: { rule: Rule; isDue: boolean }) {
  const { t, i18n } = useTranslation();
  const { id, keep, atMost, from, whenTold, clause, source, note, verified, reviewBy } = rule;
  const { after, how } = rule.disposal;
  const period = (length: Record<string, number>) => writePeriod(length, i18n.language);
  return (
    <li className="rule-item" data-testid="rule" data-rule={id} data-due={isDue}>
      <div>
        <h3>
          <code>{id}</code>
        </h3>
        {conditionsOf(rule, i18n.language).map(({ name, values }) => (
          <p key={name}>
            <span className="muted">{t(`compliance.rules.applies.${name}`)}</span> {values}
          </p>
        ))}
      </div>
      <dl className="rule-terms">
        <dt>{t('compliance.rules.keep')}</dt>
        <dd>
          <strong>{period(keep)}</strong>
        </dd>
        {atMost === undefined ? null : (
          <>
            <dt>{t('compliance.rules.atMost')}</dt>
            <dd>{period(atMost)}</dd>
          </>
        )}
        <dt>{t('compliance.rules.from')}</dt>
        <dd>
          {t(`compliance.anchor.${from}`)}
          {whenTold ? <span className="muted"> {t('compliance.rules.whenTold')}</span> : null}
        </dd>
        <dt>{t('compliance.rules.then')}</dt>
        <dd>
          {after === undefined
            ? t('compliance.rules.atOnce')
            : t('compliance.rules.after', { period: period(after) })}
          {t(`compliance.way.${how}`)}
        </dd>
      </dl>
      <div>
        <p className="rule-clause">{clause}</p>
        {source === undefined ? null : (
          <p className="muted">{t('compliance.rules.source', { source })}</p>
        )}
        {note === undefined ? null : <p className="muted">{note}</p>}
        <p className="rule-marks">
          <Mark tone={toneOfVerified(verified)}>{labelOf('verified', verified)}</Mark>
          {reviewBy === undefined ? null : isDue ? (
            <Mark tone="bad">
              {t('compliance.rules.reviewOverdue')} <DayText day={reviewBy} />
            </Mark>
          ) : (
            <span className="muted">
              {t('compliance.rules.reviewBy')} <DayText day={reviewBy} />
            </span>
          )}
        </p>
      </div>
    </li>
  );
}
