import { useTranslation } from 'react-i18next';

interface RetryOutcome {
  /** Events that were taken. */
  readonly handled: number;
  /** Keys whose next event failed again, so that everything behind it waits on. */
  readonly stillParked: number;
  /** Keys behind which nothing waits any more. */
  readonly freed: number;
}

/** What came of handling the dead letters again, in a sentence or two. */
export function useRetryWords(): (outcome: RetryOutcome) => string {
  const { t } = useTranslation('operations');
  return ({ handled, stillParked }) => {
    if (handled === 0 && stillParked === 0) return t('retried.nothing');
    const taken = handled === 0 ? t('retried.none') : t('retried.some', { count: handled });
    return stillParked === 0 ? taken : `${taken} ${t('retried.stillParked', { count: stillParked })}`;
  };
}
