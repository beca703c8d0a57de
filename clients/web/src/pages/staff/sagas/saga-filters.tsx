import { NativeSelect } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { readSagaSearch, type SagaSearch } from '../../../api/saga-search.ts';
import { SAGA_SERVICES, SAGA_STATUSES, type SagaService } from '../../../api/saga-services.ts';
import { FilterChips } from '../filter-chips.tsx';
import { useSagaWords } from './saga-words.ts';

interface SagaFiltersProps {
  readonly search: SagaSearch;
  readonly onChange: (search: SagaSearch) => void;
}

/** The kinds of sagas that each service has, to choose from. */
const TYPES: Readonly<Record<SagaService, readonly string[]>> = {
  transactions: ['crossing-transfer', 'crossing-reversal'],
  accounts: ['account-closing'],
  users: ['welcome'],
};

/** What the list is narrowed by; each choice counts at once. */
export function SagaFilters({ search, onChange }: SagaFiltersProps) {
  const { t } = useTranslation('sagas');
  const words = useSagaWords();
  const { service = SAGA_SERVICES[0], status = '', type = '' } = search;
  // A type that the address names and the list does not is a choice too: it is what is shown.
  const types = TYPES[service].includes(type) || type === '' ? TYPES[service] : [...TYPES[service], type];
  return (
    <search aria-label={t('filters')} className="staff-filters">
      <NativeSelect
        label={t('serviceLabel')}
        value={service}
        data={SAGA_SERVICES.map((value) => ({ value, label: words.service(value) }))}
        // Another part of the bank has other kinds.
        onChange={({ currentTarget }) => onChange(readSagaSearch({ service: currentTarget.value, status }))}
      />
      <NativeSelect
        label={t('statusLabel')}
        value={status}
        data={[
          { value: '', label: t('anyStatus') },
          ...SAGA_STATUSES.map((value) => ({ value: value as string, label: t(`status.${value}`) })),
        ]}
        onChange={({ currentTarget }) => onChange(readSagaSearch({ ...search, status: currentTarget.value }))}
      />
      <NativeSelect
        label={t('typeLabel')}
        value={type}
        data={[{ value: '', label: t('anyType') }, ...types.map((value) => ({ value, label: words.type(value) }))]}
        onChange={({ currentTarget }) => onChange(readSagaSearch({ ...search, type: currentTarget.value }))}
      />
    </search>
  );
}

/** What the list is narrowed by, each with the way out of it; whose sagas they are is no narrowing. */
export function SagaChips({ search, onChange }: SagaFiltersProps) {
  const { t } = useTranslation('sagas');
  const words = useSagaWords();
  const { status, type, ...kept } = search;
  return (
    <FilterChips
      chips={[
        ...(status === undefined ? [] : [{ part: 'status' as const, label: t(`status.${status}`) }]),
        ...(type === undefined ? [] : [{ part: 'type' as const, label: words.type(type) }]),
      ]}
      onRemove={(part) => onChange(readSagaSearch({ ...search, [part]: '' }))}
      onClear={() => onChange(kept)}
    />
  );
}
