import { Button, Group, Input, NativeSelect, SegmentedControl, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CATEGORIES, type HistorySearch } from '../../api/history-search.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { focusFirst } from '../../parts/focus-first.ts';
import {
  amountProblem,
  dayProblem,
  type FilterContext,
  type FilterProblem,
  type FilterValues,
  type Period,
  searchOf,
  valuesOf,
} from './filter-values.ts';
import { PRESETS } from './periods.ts';

const PERIODS: readonly Period[] = ['any', ...PRESETS, 'custom'];

interface FilterFormProps {
  readonly search: HistorySearch;
  readonly context: FilterContext;
  readonly onApply: (search: HistorySearch) => void;
}

/** What to narrow the history by; nothing changes before it is asked for. */
export function FilterForm({ search, context, onApply }: FilterFormProps) {
  const { t } = useTranslation('history');
  const form = useFilterForm(search, context);
  const [period, setPeriod] = useState(form.getValues().period);
  return (
    <form
      onSubmit={form.onSubmit((values) => onApply(searchOf(values, search.q, context)), focusFirst(form))}
      noValidate
    >
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
          <DirectionField form={form} />
          <CategoryField form={form} />
          <NativeSelect
            label={t('period')}
            data={PERIODS.map((value) => ({ value, label: t(`periodName.${value}`) }))}
            key={form.key('period')}
            {...form.getInputProps('period')}
            onChange={({ currentTarget: { value } }) => {
              const chosen = PERIODS.find((one) => one === value) ?? 'any';
              setPeriod(chosen);
              form.setFieldValue('period', chosen);
            }}
          />
          {period === 'custom' && <DayFields form={form} />}
          <div className="amounts">
            <AmountFields form={form} />
          </div>
        </SimpleGrid>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => onApply(search.q === undefined ? {} : { q: search.q })}>
            {t('reset')}
          </Button>
          <Button type="submit" variant="light">
            {t('apply')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useFilterForm(search: HistorySearch, context: FilterContext) {
  const { t } = useTranslation('history');
  const locale = useLocale();
  const example = formatMoney(
    { amount: context.digits === 0 ? '25' : `25.${'5'.padEnd(context.digits, '0')}`, currency: context.currency },
    locale,
  );
  const words = (problem: FilterProblem | undefined) => (problem === undefined ? null : t(problem, { example }));
  return useForm<FilterValues>({
    mode: 'uncontrolled',
    initialValues: valuesOf(search, context.today),
    validate: {
      from: (_day, values) => words(dayProblem('from', values)),
      to: (_day, values) => words(dayProblem('to', values)),
      least: (_amount, values) => words(amountProblem('least', values, context)),
      most: (_amount, values) => words(amountProblem('most', values, context)),
    },
  });
}

type FilterFormState = ReturnType<typeof useFilterForm>;

function DirectionField({ form }: { readonly form: FilterFormState }) {
  const { t } = useTranslation('history');
  return (
    <Input.Wrapper label={t('direction')} size="md" labelElement="div">
      <SegmentedControl
        fullWidth
        size="md"
        aria-label={t('direction')}
        data={[
          { value: '', label: t('directionAny') },
          { value: 'in', label: t('directionIn') },
          { value: 'out', label: t('directionOut') },
        ]}
        key={form.key('direction')}
        {...form.getInputProps('direction')}
      />
    </Input.Wrapper>
  );
}

function CategoryField({ form }: { readonly form: FilterFormState }) {
  const { t } = useTranslation('history');
  const { t: account } = useTranslation('account');
  const categories = CATEGORIES.map((value) => ({ value: value as string, label: account(`category.${value}`) }));
  return (
    <NativeSelect
      label={t('category')}
      data={[{ value: '', label: t('categoryAny') }, ...categories]}
      key={form.key('category')}
      {...form.getInputProps('category')}
    />
  );
}

function DayFields({ form }: { readonly form: FilterFormState }) {
  const { t } = useTranslation('history');
  return (['from', 'to'] as const).map((field) => (
    <TextInput type="date" label={t(field)} key={form.key(field)} {...form.getInputProps(field)} />
  ));
}

function AmountFields({ form }: { readonly form: FilterFormState }) {
  const { t } = useTranslation('history');
  return (['least', 'most'] as const).map((field) => (
    <TextInput
      label={t(field)}
      inputMode="decimal"
      autoComplete="off"
      key={form.key(field)}
      {...form.getInputProps(field)}
    />
  ));
}
