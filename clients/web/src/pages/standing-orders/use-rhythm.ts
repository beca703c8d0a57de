import { useTranslation } from 'react-i18next';
import { formatDate } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { lastDate, type Schedule, secondDate } from './schedule.ts';

/** The shortest month has so many days; a later day is not in all of them. */
const DAYS_OF_EVERY_MONTH = 28;

/** When a schedule pays, in a sentence: `First payment on 1 Dec 2026, then every month on the 1st.` */
export function usePreview(): (schedule: Schedule) => string {
  const { t } = useTranslation('standingOrders');
  const locale = useLocale();
  const rhythm = useRhythm();
  return (schedule) => {
    const first = formatDate(schedule.startDate, locale);
    if (secondDate(schedule) === null) return t('preview.onlyOne', { first });
    const whole = t(firstKey(schedule), { first, rhythm: rhythm(schedule) });
    const last = lastDate(schedule);
    return last === null ? whole : `${whole} ${t('preview.until', { last: formatDate(last, locale) })}`;
  };
}

function firstKey({ frequency, startDate }: Schedule): 'preview.first' | 'preview.firstShort' | 'preview.firstLeap' {
  if (frequency === 'yearly') return startDate.endsWith('-02-29') ? 'preview.firstLeap' : 'preview.first';
  const isInEveryMonth = Number(startDate.slice(8)) <= DAYS_OF_EVERY_MONTH;
  return frequency === 'weekly' || isInEveryMonth ? 'preview.first' : 'preview.firstShort';
}

/** How often and on which days: `every month on the 1st`. */
function useRhythm(): (schedule: Pick<Schedule, 'frequency' | 'startDate'>) => string {
  const { t } = useTranslation('standingOrders');
  const locale = useLocale();
  return ({ frequency, startDate }) => {
    const start = new Date(`${startDate}T00:00:00Z`);
    switch (frequency) {
      case 'weekly':
        return t('preview.weekly', {
          weekday: new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(start),
        });
      case 'yearly':
        return t('preview.yearly', {
          date: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(start),
        });
      default:
        return t(`preview.${frequency}`, { day: t('ordinal', { count: start.getUTCDate(), ordinal: true }) });
    }
  };
}
