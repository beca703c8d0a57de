import type { Payee } from '@florin/sdk';
import { type ComboboxItem, type ComboboxParsedItem, Select, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { formatDay } from '../format/dates.ts';
import { formatIban } from '../format/money.ts';
import { useLocale } from '../i18n/use-locale.ts';
import { findPayees } from './find-payees.ts';

/** Chooses one of the payees, by typing a part of a name or IBAN. */
export function PayeeSelect({
  payees,
  value,
  error,
  onChange,
}: {
  readonly payees: readonly Payee[];
  readonly value: string;
  readonly error: ReactNode;
  readonly onChange: (payeeId: string) => void;
}) {
  const { t } = useTranslation('payment');
  const locale = useLocale();
  const byId = new Map(payees.map((payee) => [payee.id, payee]));
  const known = byId.get(value);
  const lastPaid = ({ lastPaidAt }: Payee): string =>
    lastPaidAt === null ? t('neverPaid') : t('lastPaid', { day: formatDay(lastPaidAt, locale) });
  return (
    <Select
      label={t('payee')}
      data={payees.map(({ id, name }) => ({ value: id, label: name }))}
      value={known === undefined ? null : value}
      onChange={(id) => onChange(id ?? '')}
      description={known === undefined ? undefined : `${formatIban(known.iban)} · ${lastPaid(known)}`}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={t('payeeSearch')}
      nothingFoundMessage={t('payeeNotFound')}
      searchable
      size="md"
      maxDropdownHeight={320}
      data-path="payeeId"
      error={error}
      filter={({ options, search }) => {
        const found = new Set(findPayees(payees, search).map(({ id }) => id));
        return options.filter((option) => isItem(option) && found.has(option.value));
      }}
      renderOption={({ option }) => {
        const payee = byId.get(option.value);
        return (
          <div style={{ minWidth: 0 }}>
            <Text truncate fw={550}>
              {option.label}
            </Text>
            {payee !== undefined && (
              <Text size="sm" c="dimmed">
                {formatIban(payee.iban)} · {lastPaid(payee)}
              </Text>
            )}
          </div>
        );
      }}
    />
  );
}

function isItem(option: ComboboxParsedItem): option is ComboboxItem {
  return 'value' in option;
}
