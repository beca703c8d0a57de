import { Button, Group } from '@mantine/core';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type HistorySearch, withoutParts } from '../../api/history-search.ts';
import { formatDate } from '../../format/dates.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { type ActiveFilter, activeFilters } from './active-filters.ts';
import type { FilterContext } from './filter-values.ts';
import { presetOf } from './periods.ts';

interface FilterChipsProps {
  readonly search: HistorySearch;
  /** Undefined until the account is loaded: then its currency is not known. */
  readonly context: FilterContext | undefined;
  readonly onChange: (search: HistorySearch) => void;
}

/** Everything the history is narrowed by, each with the way out of it. */
export function FilterChips({ search, context, onChange }: FilterChipsProps) {
  const { t } = useTranslation('history');
  const { t: shell } = useTranslation();
  const label = useFilterLabel(context);
  const filters = activeFilters(search);
  if (filters.length === 0) return null;
  return (
    <Group gap="xs" mb="sm" role="group" aria-label={t('activeFilters')}>
      {filters.map((filter) => (
        <Button
          key={filter.kind}
          variant="light"
          size="xs"
          radius="xl"
          className="chip"
          rightSection={<X size={14} aria-hidden />}
          aria-label={t('removeFilter', { filter: label(filter) })}
          onClick={() => onChange(withoutParts(search, filter.parts))}
        >
          {label(filter)}
        </Button>
      ))}
      <Button variant="subtle" size="xs" className="chip" onClick={() => onChange({})}>
        {shell('clearFilters')}
      </Button>
    </Group>
  );
}

/** A filter in words. */
function useFilterLabel(context: FilterContext | undefined): (filter: ActiveFilter) => string {
  const { t } = useTranslation('history');
  const { t: account } = useTranslation('account');
  const locale = useLocale();
  const amountOf = (amount: string) =>
    context === undefined ? amount : formatMoney({ amount, currency: context.currency }, locale);
  return (filter) => {
    switch (filter.kind) {
      case 'text':
        return t('searchChip', { text: filter.text });
      case 'direction':
        return t(filter.direction === 'in' ? 'directionIn' : 'directionOut');
      case 'category':
        return account(`category.${filter.category}`);
      case 'days': {
        const preset = context === undefined ? undefined : presetOf(filter, context.today);
        if (preset !== undefined) return t(`periodName.${preset}`);
        return bounds(filter.from, filter.to, (day) => formatDate(day, locale), {
          from: (day) => t('fromDay', { day }),
          to: (day) => t('toDay', { day }),
        });
      }
      case 'amount':
        return bounds(filter.least, filter.most, amountOf, {
          from: (amount) => t('leastAmount', { amount }),
          to: (amount) => t('mostAmount', { amount }),
        });
    }
  };

  function bounds(
    from: string | undefined,
    to: string | undefined,
    show: (bound: string) => string,
    alone: Readonly<Record<'from' | 'to', (bound: string) => string>>,
  ): string {
    if (from === undefined) return to === undefined ? '' : alone.to(show(to));
    return to === undefined ? alone.from(show(from)) : t('fromTo', { from: show(from), to: show(to) });
  }
}
