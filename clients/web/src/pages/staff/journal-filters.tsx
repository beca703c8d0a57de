import { isValidIban, normaliseIban } from '@florin/money';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { isCalendarDate, SEARCH_TEXT_LENGTH_MAX } from '../../api/history-search.ts';
import { JOURNAL_KINDS, type JournalSearch, readJournalSearch } from '../../api/journal-search.ts';
import { formatDate } from '../../format/dates.ts';
import { formatIban } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { focusFirst } from '../../parts/focus-first.ts';
import { FilterChips } from './filter-chips.tsx';

interface JournalFiltersProps {
  readonly search: JournalSearch;
  readonly onChange: (search: JournalSearch) => void;
}

/** What the journals are narrowed by; nothing changes before it is asked for. */
export function JournalFilters({ search, onChange }: JournalFiltersProps) {
  const { t } = useTranslation('journals');
  const form = useFilterForm(search);
  const kinds = JOURNAL_KINDS.map((value) => ({ value: value as string, label: t(`kind.${value}`) }));
  return (
    <search aria-label={t('filters')}>
      <form onSubmit={form.onSubmit((values) => onChange(readJournalSearch(values)), focusFirst(form))} noValidate>
        <div className="staff-filters">
          <TextInput
            label={t('iban')}
            autoComplete="off"
            spellCheck={false}
            maxLength={42}
            key={form.key('iban')}
            {...form.getInputProps('iban')}
          />
          <NativeSelect
            label={t('kindLabel')}
            data={[{ value: '', label: t('anyKind') }, ...kinds]}
            key={form.key('kind')}
            {...form.getInputProps('kind')}
          />
          <TextInput type="date" label={t('from')} key={form.key('from')} {...form.getInputProps('from')} />
          <TextInput type="date" label={t('to')} key={form.key('to')} {...form.getInputProps('to')} />
          <TextInput
            label={t('reference')}
            placeholder={t('referenceHint')}
            autoComplete="off"
            maxLength={SEARCH_TEXT_LENGTH_MAX}
            key={form.key('q')}
            {...form.getInputProps('q')}
          />
          <Button type="submit" className="beside-field">
            {t('apply')}
          </Button>
        </div>
      </form>
    </search>
  );
}

function useFilterForm(search: JournalSearch) {
  const { t } = useTranslation('journals');
  const day = (text: string) => (text === '' || isCalendarDate(text) ? null : t('dateInvalid'));
  return useForm({
    mode: 'uncontrolled',
    initialValues: {
      iban: search.iban === undefined ? '' : formatIban(search.iban),
      kind: search.kind ?? '',
      from: search.from ?? '',
      to: search.to ?? '',
      q: search.q ?? '',
    },
    validate: {
      iban: (text) => (text.trim() === '' || isValidIban(normaliseIban(text)) ? null : t('ibanWrong')),
      from: day,
      to: (text, { from }) => day(text) ?? (from !== '' && text !== '' && text < from ? t('datesCrossed') : null),
    },
  });
}

/** Everything the journals are narrowed by, each with the way out of it. */
export function JournalChips({ search, onChange }: JournalFiltersProps) {
  const label = useChipLabel();
  const parts = Object.keys(search) as (keyof JournalSearch)[];
  return (
    <FilterChips
      chips={parts.map((part) => ({ part, label: label(part, search) }))}
      onRemove={(part) => onChange(without(search, part))}
      onClear={() => onChange({})}
    />
  );
}

function without(search: JournalSearch, part: keyof JournalSearch): JournalSearch {
  const { [part]: _, ...rest } = search;
  return rest;
}

/** A filter in words. */
function useChipLabel(): (part: keyof JournalSearch, search: JournalSearch) => string {
  const { t } = useTranslation('journals');
  const locale = useLocale();
  return (part, { iban = '', kind, from = '', to = '', q = '' }) => {
    switch (part) {
      case 'iban':
        return t('ibanChip', { iban: formatIban(iban) });
      case 'kind':
        return kind === undefined ? '' : t(`kind.${kind}`);
      case 'from':
        return t('fromChip', { day: formatDate(from, locale) });
      case 'to':
        return t('toChip', { day: formatDate(to, locale) });
      case 'q':
        return t('referenceChip', { text: q });
    }
  };
}
