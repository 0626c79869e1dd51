import { Link } from '@tanstack/react-router';
import type { SubjectRequestView } from '@voxkeep/contract';
import { useTranslation } from 'react-i18next';
import type { SubjectFilter } from '../api/subject-queries.ts';
import { callsOf } from '../i18n/calls-of.ts';
import { Moment } from '../shell/moment.tsx';
import { Deadline } from './deadline.tsx';
import { ScrollBox } from './scroll-box.tsx';
import { SubjectKindMark, SubjectStateMark } from './subject-marks.tsx';

const EMPTY = { due: 'emptyDue', overdue: 'emptyOverdue', all: 'emptyAll' } as const;

/** Requests with their deadlines; number and account are masked until one is opened. */
export function SubjectTable({
  requests,
  box,
}: {
  requests: readonly SubjectRequestView[];
  box: SubjectFilter['box'];
}) {
  const { t } = useTranslation();
  if (requests.length === 0) {
    return (
      <p className="muted" data-testid="subjects-empty">
        {t(`subjects.${EMPTY[box]}`)}
      </p>
    );
  }
  return (
    <ScrollBox label={t('subjects.list')}>
      <table className="plain" data-testid="subject-table">
        <thead>
          <tr>
            <th scope="col">{t('subjects.person')}</th>
            <th scope="col">{t('subjects.kindTitle')}</th>
            <th scope="col">{t('subjects.answerBy')}</th>
            <th scope="col">{t('subjects.stateTitle')}</th>
            <th scope="col" className="end">
              {t('subjects.restricted')}
            </th>
            <th scope="col">{t('subjects.receivedOn')}</th>
            <th scope="col">{t('subjects.enteredAt')}</th>
          </tr>
        </thead>
        <tbody>
          {requests.map((request) => (
            <tr key={request.id} data-testid="subject-row" data-id={request.id}>
              <th scope="row">
                <Link to="/compliance/requests/$id" params={{ id: request.id }} className="num">
                  {[request.phoneMasked, request.accountMasked]
                    .filter((part) => part !== undefined)
                    .join(' · ')}
                </Link>
              </th>
              <td>
                <SubjectKindMark kind={request.kind} />
              </td>
              <td>
                <Deadline request={request} />
              </td>
              <td>
                <SubjectStateMark state={request.state} />
              </td>
              <td className="end num">
                {request.restricted === 0 ? '–' : callsOf(t, request.restricted)}
              </td>
              <td className="num">{request.receivedOn}</td>
              <td>
                <Moment at={request.enteredAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
