import type { Account } from '@florin/sdk';
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** The state of an account, in a word; an active one needs none. */
export function AccountStatus({ status }: { readonly status: Account['status'] }) {
  const { t } = useTranslation('account');
  return status === 'active' ? null : <Badge style={{ flexShrink: 0 }}>{t(`status.${status}`)}</Badge>;
}
