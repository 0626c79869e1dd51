import type { AccessRequestView } from '@voxkeep/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { labelOf } from '../i18n/label-of.ts';
import { Moment } from '../shell/moment.tsx';
import { Decisions } from './decisions.tsx';
import { GRANT_FIELDS } from './grant-fields.ts';
import { MandateScopeText } from './mandate-scope.tsx';
import { KindMark, RequestStateMark } from './request-marks.tsx';
import { RequestRecords } from './request-records.tsx';
import { RequestTimes } from './request-times.tsx';

/** A request as the one who decides has to see it: who, why, what exactly, and who signed already. */
export function RequestDetail({ request, level }: { request: AccessRequestView; level: 1 | 2 }) {
  const { t } = useTranslation();
  const { kind, requester, holder, purpose, fields, needs, decisions } = request;
  const [Title, Part] = level === 1 ? (['h1', 'h2'] as const) : (['h2', 'h3'] as const);
  const signatures = decisions.filter(({ decision }) => SIGNS.has(decision)).length;
  const facts: [string, ReactNode][] = [
    [
      t('access.requester'),
      <span key="requester">
        {requester.name} <span className="muted">{labelOf('role', requester.role)}</span>
      </span>,
    ],
    [t('access.holder'), holder === undefined ? undefined : holder.name],
    [t('access.reference'), request.reference],
    [
      t('access.purpose'),
      <span key="purpose">
        <strong>{t(`access.category.${purpose.category}`)}</strong>
        <span className="purpose-text">{purpose.text}</span>
      </span>,
    ],
    ...(kind === 'mandate'
      ? []
      : [
          [
            t('access.opensTitle'),
            <ul key="fields" className="opens">
              {GRANT_FIELDS.filter((field) => fields.includes(field)).map((field) => (
                <li key={field}>
                  <strong>{t(`access.field.${field}`)}</strong>
                  <span className="muted">{t(`access.fieldHint.${field}`)}</span>
                </li>
              ))}
            </ul>,
          ] as [string, ReactNode],
        ]),
    [
      t('access.scope'),
      request.scope === undefined ? undefined : <MandateScopeText key="s" scope={request.scope} />,
    ],
  ];
  return (
    <article className="request" data-testid="request-detail" data-id={request.id}>
      <header className="request-head">
        <KindMark kind={kind} />
        <RequestStateMark state={request.state} />
        <span className="muted">
          <Moment at={request.createdAt} />
        </span>
        <span className="signed num" data-testid="signatures">
          {t('access.signatures', { n: signatures, needs })}
        </span>
      </header>
      <Title className="request-title">{titleOf()}</Title>
      <RequestTimes request={request} />
      <dl className="request-facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      {kind === 'mandate' ? null : <RequestRecords request={request} heading={Part} />}
      <Decisions request={request} heading={Part} />
      <p className="request-id muted">
        {t('access.requestId')} <code>{request.id}</code>
      </p>
    </article>
  );

  function titleOf(): string {
    if (kind === 'mandate') {
      return t('access.titleMandate', { name: holder?.name ?? requester.name });
    }
    const words = { name: requester.name, count: request.recordCount };
    return t(kind === 'break_glass' ? 'access.titleBreakGlass' : 'access.titleRecords', words);
  }
}

const SIGNS = new Set(['signed', 'approved']);
