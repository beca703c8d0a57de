import { TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { useTranslation } from 'react-i18next';
import { IBAN_LENGTH_MAX, NAME_LENGTH_MAX } from './payment-search.ts';

/** A name and an IBAN of somebody, wherever they are typed. */
export function PersonFields({
  form,
}: {
  readonly form: Pick<
    UseFormReturnType<{ name: string; iban: string }>,
    'key' | 'getInputProps' | 'getValues' | 'validateField'
  >;
}) {
  const { t } = useTranslation('payment');
  return (
    <>
      <TextInput
        label={t('name')}
        description={t('nameHint')}
        autoComplete="off"
        maxLength={NAME_LENGTH_MAX}
        key={form.key('name')}
        {...form.getInputProps('name')}
      />
      <TextInput
        label={t('iban')}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={IBAN_LENGTH_MAX}
        placeholder="NL00 BANK 0000 0000 00"
        key={form.key('iban')}
        {...form.getInputProps('iban')}
        onBlur={() => {
          if (form.getValues().iban.trim() !== '') void form.validateField('iban');
        }}
      />
    </>
  );
}
