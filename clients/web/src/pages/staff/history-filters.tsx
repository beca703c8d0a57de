import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import {
  CATEGORIES,
  type HistorySearch,
  isCalendarDate,
  readHistorySearch,
  SEARCH_TEXT_LENGTH_MAX,
  withoutParts,
} from '../../api/history-search.ts';
import { formatDate } from '../../format/dates.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { focusFirst } from '../../parts/focus-first.ts';
import { FilterChips } from './filter-chips.tsx';

interface HistoryFiltersProps {
  readonly search: HistorySearch;
  readonly onChange: (search: HistorySearch) => void;
}

/** What a history is narrowed by; nothing changes before it is asked for. */
export function HistoryFilters({ search, onChange }: HistoryFiltersProps) {
  const { t } = useTranslation('staffAccount');
  const { t: history } = useTranslation('history');
  const { t: account } = useTranslation('account');
  const form = useFilterForm(search);
  const directions = [
    { value: '', label: history('directionAny') },
    { value: 'in', label: history('directionIn') },
    { value: 'out', label: history('directionOut') },
  ];
  const categories = CATEGORIES.map((value) => ({ value: value as string, label: account(`category.${value}`) }));
  // Amounts have no field here, but an address that names them keeps them.
  const { minAmount, maxAmount } = search;
  return (
    <search aria-label={t('filters')}>
      <form
        onSubmit={form.onSubmit(
          (values) => onChange(readHistorySearch({ ...values, minAmount, maxAmount })),
          focusFirst(form),
        )}
        noValidate
      >
        <div className="staff-filters">
          <TextInput
            label={t('text')}
            autoComplete="off"
            maxLength={SEARCH_TEXT_LENGTH_MAX}
            key={form.key('q')}
            {...form.getInputProps('q')}
          />
          <NativeSelect
            label={t('direction')}
            data={directions}
            key={form.key('direction')}
            {...form.getInputProps('direction')}
          />
          <NativeSelect
            label={t('category')}
            data={[{ value: '', label: history('categoryAny') }, ...categories]}
            key={form.key('category')}
            {...form.getInputProps('category')}
          />
          <TextInput type="date" label={t('from')} key={form.key('from')} {...form.getInputProps('from')} />
          <TextInput type="date" label={t('to')} key={form.key('to')} {...form.getInputProps('to')} />
          <Button type="submit" className="beside-field">
            {t('apply')}
          </Button>
        </div>
      </form>
    </search>
  );
}

function useFilterForm(search: HistorySearch) {
  const { t } = useTranslation('history');
  const day = (text: string) => (text === '' || isCalendarDate(text) ? null : t('dateInvalid'));
  return useForm({
    mode: 'uncontrolled',
    initialValues: {
      q: search.q ?? '',
      direction: search.direction ?? '',
      category: search.category ?? '',
      from: search.from ?? '',
      to: search.to ?? '',
    },
    validate: {
      from: day,
      to: (text, { from }) => day(text) ?? (from !== '' && text !== '' && text < from ? t('datesCrossed') : null),
    },
  });
}

interface HistoryChipsProps extends HistoryFiltersProps {
  /** Undefined until the account is loaded. */
  readonly currency: string | undefined;
}

/** Everything a history is narrowed by, each with the way out of it. */
export function HistoryChips({ search, currency, onChange }: HistoryChipsProps) {
  const label = useChipLabel(currency);
  const parts = Object.keys(search) as (keyof HistorySearch)[];
  return (
    <FilterChips
      chips={parts.map((part) => ({ part, label: label(part, search) }))}
      onRemove={(part) => onChange(withoutParts(search, [part]))}
      onClear={() => onChange({})}
    />
  );
}

/** A filter in words. */
function useChipLabel(currency: string | undefined): (part: keyof HistorySearch, search: HistorySearch) => string {
  const { t } = useTranslation('history');
  const { t: account } = useTranslation('account');
  const locale = useLocale();
  const money = (amount: string) => (currency === undefined ? amount : formatMoney({ amount, currency }, locale));
  return (part, { q = '', direction, category, from = '', to = '', minAmount = '', maxAmount = '' }) => {
    switch (part) {
      case 'q':
        return t('searchChip', { text: q });
      case 'direction':
        return t(direction === 'in' ? 'directionIn' : 'directionOut');
      case 'category':
        return category === undefined ? '' : account(`category.${category}`);
      case 'from':
        return t('fromDay', { day: formatDate(from, locale) });
      case 'to':
        return t('toDay', { day: formatDate(to, locale) });
      case 'minAmount':
        return t('leastAmount', { amount: money(minAmount) });
      case 'maxAmount':
        return t('mostAmount', { amount: money(maxAmount) });
    }
  };
}
