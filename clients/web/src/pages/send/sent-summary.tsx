import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatIban } from '../../format/money.ts';
import { Amount } from '../../parts/amount.tsx';
import type { TransferCommand } from './transfer-command.ts';

/** A payment at a glance: how much, to whom. */
export function SentSummary({ command }: { readonly command: TransferCommand }) {
  const { t } = useTranslation('send');
  const { body, toName } = command;
  return (
    <div>
      <Amount money={body.amount} className="amount large-amount" />
      <Text fw={600}>{t('toName', { name: toName })}</Text>
      <Text size="sm" c="dimmed">
        {formatIban(body.toIban)}
      </Text>
    </div>
  );
}
