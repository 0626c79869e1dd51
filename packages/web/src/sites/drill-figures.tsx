import type { DrillView } from '@voxkeep/contract';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { codeWords, remedyFor } from '../i18n/label-of.ts';
import { writeBytes } from '../i18n/moments.ts';
import { writeSpan } from '../i18n/spans.ts';
import { writeTimeUp } from '../i18n/time-up.ts';
import { Moment } from '../shell/moment.tsx';
import { Who } from './drill-who.tsx';

/** All that a drill found out, and why it failed where it did. */
export function DrillFigures({ drill, limitS }: { drill: DrillView; limitS: number }) {
  const { t, i18n } = useTranslation();
  const { id, by, startedAt, endedAt, code, figures } = drill;
  const lastedMs = endedAt === undefined ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
  return (
    <>
      {code === undefined ? null : (
        <p className="drill-why" title={code}>
          {t('recovery.why')} {codeWords(code) ?? code} {remedyFor(code)}
        </p>
      )}
      <dl className="drill-figures">
        <Pair name={t('recovery.by')}>
          <Who by={by} />
        </Pair>
        {endedAt === undefined ? null : (
          <>
            <Pair name={t('recovery.ended')}>
              <Moment at={endedAt} exact />
            </Pair>
            <Pair name={t('recovery.lasted')}>{writeSpan(lastedMs, i18n.language)}</Pair>
          </>
        )}
        {figures === undefined ? null : <Found figures={figures} limitS={limitS} />}
        <Pair name={t('recovery.id')}>
          <code>{id}</code>
        </Pair>
      </dl>
    </>
  );
}

function Found({
  figures,
  limitS,
}: {
  figures: NonNullable<DrillView['figures']>;
  limitS: number;
}) {
  const { t, i18n } = useTranslation();
  const span = (seconds: number) => writeTimeUp(seconds, i18n.language);
  const whole = (n: number) => n.toLocaleString('en');
  const part = (n: number, of: number) => t('recovery.part', { n: whole(n), of: whole(of) });
  const { rtoS, rtoWholeS, rpoS, callsOpened, callsNotOpened } = figures;
  return (
    <>
      <Pair name={t('recovery.rto')}>{span(rtoS)}</Pair>
      <Pair name={t('recovery.rtoWhole')} bad={rtoWholeS > limitS}>
        {span(rtoWholeS)}
      </Pair>
      <Pair name={t('recovery.rpo')}>{rpoS === 0 ? t('recovery.rpoNone') : span(rpoS)}</Pair>
      <Pair name={t('recovery.copiesDue')}>{whole(figures.copiesDue)}</Pair>
      <Pair name={t('recovery.rowsOfSnapshot')}>{part(figures.rows, figures.rowsOfSnapshot)}</Pair>
      <Pair name={t('recovery.records')}>{part(figures.records, figures.recordsOfArchive)}</Pair>
      <Pair name={t('recovery.calls')}>{part(callsOpened, callsOpened + callsNotOpened)}</Pair>
      <Pair name={t('recovery.callsNotOpened')} bad={callsNotOpened > 0}>
        {whole(callsNotOpened)}
      </Pair>
      <Pair name={t('recovery.bytesRead')}>{writeBytes(figures.bytesRead)}</Pair>
      <Pair name={t('recovery.ledgerEntries')}>{whole(figures.ledgerEntries)}</Pair>
    </>
  );
}

function Pair({
  name,
  bad = false,
  children,
}: {
  name: string;
  bad?: boolean;
  children: ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={bad ? 'num state-bad' : 'num'}>{children}</dd>
    </div>
  );
}
