import { useTranslation } from 'react-i18next';
import { daysBetween, writeDays } from '../i18n/day-distance.ts';
import { writeInstant } from '../i18n/moments.ts';
import { useSession } from '../session/use-session.ts';

/** Today in the archive's zone, as 'YYYY-MM-DD'. */
export function useToday(): string {
  const { timeZone } = useSession();
  return writeInstant(new Date().toISOString(), timeZone).slice(0, 10);
}

/** A day as rules have it; how far it is on hover, or the other way round. */
export function DayText({ day, relative = false }: { day: string; relative?: boolean }) {
  const { i18n } = useTranslation();
  const distance = writeDays(daysBetween(useToday(), day), i18n.language);
  return (
    <time dateTime={day} title={relative ? day : distance} className="num">
      {relative ? distance : day}
    </time>
  );
}
