import type { Journal } from '@florin/sdk';
import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatIban } from '../../format/money.ts';
import { staff } from '../../i18n/en/staff.ts';
import { LinkAnchor } from '../../parts/links.tsx';

type Side = Journal['debit'];

/** One side of a journal: the holder of a customer's account, which it leads to, or what an account of the bank is for. */
export function SideName({ side }: { readonly side: Side }) {
  const bankAccount = useBankAccountName();
  if (side.iban === null) return <Text size="sm">{bankAccount(side.name)}</Text>;
  return (
    <div className="two-lines">
      <LinkAnchor
        to="/staff/accounts/$accountId"
        params={{ accountId: side.accountId }}
        search={{ iban: side.iban }}
        size="sm"
      >
        {side.name}
      </LinkAnchor>
      <Text size="xs" c="dimmed" className="iban-text">
        {formatIban(side.iban)}
      </Text>
    </div>
  );
}

/** What one of the bank's own accounts is for, in words. */
export function useBankAccountName(): (code: string) => string {
  const { t } = useTranslation('staff');
  return (code) => (isKnown(code) ? t(`bankAccount.${code}`) : t('bankAccountOther'));
}

function isKnown(code: string): code is keyof typeof staff.bankAccount {
  return Object.hasOwn(staff.bankAccount, code);
}
