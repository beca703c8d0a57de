import { Fieldset, NativeSelect, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { latestStart, readSchedule, type ScheduleDraft } from './order-draft.ts';
import { usePreview } from './use-rhythm.ts';

const FREQUENCIES = ['weekly', 'monthly', 'quarterly', 'yearly'] as const;

/** How often and from when, with what that means said in a sentence while it is chosen. */
export function ScheduleFields({
  form,
  draft,
  today,
}: {
  readonly form: UseFormReturnType<ScheduleDraft>;
  /** What is typed now. */
  readonly draft: ScheduleDraft;
  readonly today: string;
}) {
  const { t } = useTranslation('standingOrders');
  const preview = usePreview();
  const read = readSchedule(draft, today);
  return (
    <Fieldset legend={t('form.rhythm')} variant="unstyled" className="plain-fieldset">
      <Stack>
        <NativeSelect
          label={t('frequency')}
          data={FREQUENCIES.map((value) => ({ value, label: t(`frequencyChoice.${value}`) }))}
          key={form.key('frequency')}
          {...form.getInputProps('frequency')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            type="date"
            label={t('startDate')}
            min={today}
            max={latestStart(today)}
            key={form.key('startDate')}
            {...form.getInputProps('startDate')}
          />
          <TextInput
            type="date"
            label={t('endDate')}
            description={t('endDateHint')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            min={draft.startDate === '' ? today : draft.startDate}
            key={form.key('endDate')}
            {...form.getInputProps('endDate')}
          />
        </SimpleGrid>
        <Text role="status" size="sm" fw={550}>
          {'schedule' in read ? preview(read.schedule) : t('preview.missing')}
        </Text>
      </Stack>
    </Fieldset>
  );
}
