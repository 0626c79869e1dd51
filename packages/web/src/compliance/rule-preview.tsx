import { ArrowDownOutlined, ArrowUpOutlined, CaretRightOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import type { RetentionPreview, TermChange } from '@voxkeep/contract';
import { Fragment, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callsOf } from '../i18n/calls-of.ts';
import { TierMark } from '../theme/tier-mark.tsx';
import { CHANGES, isSooner } from './rule-changes.ts';

const COLUMNS = 5;
type Line = RetentionPreview['lines'][number];
type Days = Line['examples'][number]['before'];

/** What other rules would change: how many records, in which way, and examples that open. */
export function RulePreview({
  preview,
  isBelow,
}: {
  preview: RetentionPreview;
  /** Whether it lies below what it was asked by, and comes into sight by itself. */
  isBelow: boolean;
}) {
  const { t } = useTranslation();
  const place = useRef<HTMLElement>(null);
  const { digest } = preview;
  // Of another text it is another preview.
  useEffect(() => {
    if (isBelow) place.current?.scrollIntoView({ block: 'start' });
  }, [isBelow, digest]);
  const { counts, lines, records } = preview;
  const changed = CHANGES.reduce((sum, change) => sum + counts[change], 0);
  const sorted = lines.toSorted(
    (a, b) => Number(isSooner(b.change)) - Number(isSooner(a.change)) || b.records - a.records,
  );
  return (
    <section
      className="card preview"
      aria-labelledby="rule-preview"
      data-testid="rule-preview"
      ref={place}
    >
      <h2 id="rule-preview">{t('compliance.preview.title')}</h2>
      <p aria-live="polite">
        {t('compliance.preview.changed', {
          changed: changed.toLocaleString('en'),
          of: callsOf(t, records),
        })}
      </p>
      <dl className="preview-counts">
        {CHANGES.map((change) => (
          <div key={change} data-testid={`preview-${change}`} data-zero={counts[change] === 0}>
            <dt>
              <ChangeMark change={change} calm={counts[change] === 0} />
            </dt>
            <dd className="num">{counts[change].toLocaleString('en')}</dd>
          </div>
        ))}
      </dl>
      {lines.length === 0 ? (
        <p className="muted">{t('compliance.preview.none')}</p>
      ) : (
        <div
          className="scrolling"
          role="region"
          aria-label={t('compliance.preview.lines')}
          tabIndex={0}
        >
          <table className="plain preview-lines">
            <thead>
              <tr>
                <th scope="col">{t('compliance.preview.change')}</th>
                <th scope="col">{t('search.tier')}</th>
                <th scope="col">{t('compliance.preview.before')}</th>
                <th scope="col">{t('compliance.preview.after')}</th>
                <th scope="col" className="end">
                  {t('compliance.preview.records')}
                </th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((line) => (
                <PreviewLine
                  key={`${line.change} ${line.tier} ${line.before} ${line.after}`}
                  line={line}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function PreviewLine({ line: { change, tier, before, after, records, examples } }: { line: Line }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <>
      <tr data-testid="preview-line" data-change={change}>
        <th scope="row">
          <button
            type="button"
            className="link preview-open"
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => setOpen(!isOpen)}
          >
            <CaretRightOutlined aria-hidden="true" /> <ChangeMark change={change} calm={false} />
          </button>
        </th>
        <td>
          <TierMark tier={tier} short />
        </td>
        <td>
          <code>{before}</code>
        </td>
        <td>
          <code>{after}</code>
        </td>
        <td className="end num">{records.toLocaleString('en')}</td>
      </tr>
      {isOpen ? (
        <tr id={id}>
          <td colSpan={COLUMNS}>
            <p className="muted">
              {t('compliance.preview.examples', { n: examples.length, of: callsOf(t, records) })}
            </p>
            <ul className="preview-examples">
              {examples.map((example) => (
                <li key={example.recordId}>
                  <Link
                    to="/records/$id"
                    params={{ id: example.recordId }}
                    title={example.recordId}
                    className="num"
                  >
                    …{example.recordId.slice(-8)}
                  </Link>
                  <span>
                    <TermDays days={example.before} /> → <TermDays days={example.after} />
                  </span>
                </li>
              ))}
            </ul>
          </td>
        </tr>
      ) : null}
    </>
  );
}

/** By an arrow and a word, and by colour besides. */
function ChangeMark({ change, calm }: { change: TermChange; calm: boolean }) {
  const { t } = useTranslation();
  const sooner = isSooner(change);
  const state = calm ? 'state-gone' : sooner ? 'state-bad' : 'state-good';
  return (
    <span className={`state ${state}`}>
      <span aria-hidden="true">{sooner ? <ArrowDownOutlined /> : <ArrowUpOutlined />}</span>
      {t(`compliance.change.${change}`)}
    </span>
  );
}

/** Until when at least, when it is due, and until when at most. */
function TermDays({ days: { keepUntil, openEnded, dueOn, atMost } }: { days: Days }) {
  const { t } = useTranslation();
  const parts = [
    t(openEnded ? 'compliance.preview.open' : 'compliance.preview.until', { day: keepUntil }),
    ...(dueOn === undefined ? [] : [t('compliance.preview.due', { day: dueOn })]),
    ...(atMost === undefined ? [] : [t('compliance.preview.atMost', { day: atMost })]),
  ];
  return (
    <span className="num">
      {parts.map((part, at) => (
        <Fragment key={part}>
          {at === 0 ? '' : ' · '}
          {part}
        </Fragment>
      ))}
    </span>
  );
}
