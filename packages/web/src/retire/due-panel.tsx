import { HourglassOutlined } from '@ant-design/icons';
import type { DueView } from '@voxkeep/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { callsOf } from '../i18n/calls-of.ts';
import { mayOpen } from '../session/abilities.ts';
import { useSession } from '../session/use-session.ts';
import { Moment } from '../shell/moment.tsx';
import { DueRecords } from './due-records.tsx';
import { GroundTable, groundKey } from './ground-table.tsx';
import { ProposeDialog } from './propose-dialog.tsx';

/** What may go today, by why and by which rule; officers propose it, or chosen records of it. */
export function DuePanel({ due }: { due: DueView }) {
  const { t } = useTranslation();
  const isOfficer = mayOpen(useSession(), 'manageRetention');
  const [picked, setPicked] = useState<string>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(NONE);
  const [proposing, setProposing] = useState(false);
  const { records, asOf, counts, first } = due;
  // Whatever has left the list since it was chosen is not proposed.
  const wanted = first.filter(({ recordId }) => chosen.has(recordId));
  const shown = picked === undefined ? first : first.filter((one) => groundKey(one) === picked);
  return (
    <section className="card due" aria-labelledby="due" data-testid="due">
      <div className="retire-row">
        <h2 id="due">{t('disposals.due')}</h2>
        <p className="due-answer">
          <strong className="num" data-testid="due-count">
            {callsOf(t, records)}
          </strong>{' '}
          <span className="muted">{t('disposals.asOf', { day: asOf })}</span>
        </p>
        {isOfficer ? (
          <span className="retire-row-end">
            {wanted.length === 0 ? null : (
              <Button onClick={() => setChosen(NONE)}>{t('disposals.clearChosen')}</Button>
            )}
            <Button
              type="primary"
              disabled={records === 0}
              onClick={() => setProposing(true)}
              data-testid="propose"
            >
              {wanted.length === 0
                ? t('disposals.propose')
                : t('disposals.proposeChosen', { calls: callsOf(t, wanted.length) })}
            </Button>
          </span>
        ) : (
          <span className="muted retire-row-end">{t('disposals.mayNotPropose')}</span>
        )}
      </div>
      <DueNotes due={due} />
      {records === 0 ? (
        <p className="muted" data-testid="due-none">
          {t('disposals.dueNone')}
        </p>
      ) : (
        <>
          <GroundTable counts={counts} picked={picked} onPick={setPicked} />
          <DueRecords
            due={due}
            shown={shown}
            onAll={picked === undefined ? undefined : () => setPicked(undefined)}
            chosen={isOfficer ? chosen : undefined}
            onChosen={setChosen}
          />
        </>
      )}
      {proposing ? (
        <ProposeDialog
          due={due}
          recordIds={wanted.length === 0 ? undefined : wanted.map(({ recordId }) => recordId)}
          onClose={() => setProposing(false)}
        />
      ) : null}
    </section>
  );
}

const NONE: ReadonlySet<string> = new Set();

/** Who lets it go, when it is looked for again, and what sites have yet to destroy. */
function DueNotes({ due }: { due: DueView }) {
  const { t } = useTranslation();
  const { mostAlone, nextLook, pendingDestructions, pendingSince } = due;
  return (
    <ul className="due-notes">
      <li>
        {mostAlone === 0
          ? t('disposals.aloneNever')
          : t('disposals.alone', { calls: callsOf(t, mostAlone) })}
      </li>
      <li>
        {nextLook === undefined ? (
          t('disposals.nextLookNone')
        ) : (
          <>
            {t('disposals.nextLook')} <Moment at={nextLook} exact />
          </>
        )}
      </li>
      {pendingDestructions === 0 ? null : (
        <li data-testid="pending-destructions">
          <span className="state state-held">
            <HourglassOutlined aria-hidden="true" />
            {t('disposals.pending', { n: pendingDestructions.toLocaleString('en') })}
          </span>{' '}
          {pendingSince === undefined ? null : <Moment at={pendingSince} exact />}
          <span className="muted due-hint">{t('disposals.pendingHint')}</span>
        </li>
      )}
    </ul>
  );
}
