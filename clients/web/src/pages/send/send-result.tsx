import type { Transfer } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX, Clock, Repeat, RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { transferLineQuery } from '../../api/payment-queries.ts';
import { formatMoment } from '../../format/dates.ts';
import { formatIban, formatMoney, signOf } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { StepHeading } from '../../payment/step-heading.tsx';
import { useBank } from '../../session/use-bank.ts';
import { SavePayee } from './save-payee.tsx';
import type { TransferCommand } from './transfer-command.ts';

interface SendResultProps {
  readonly command: TransferCommand;
  readonly transfer: Transfer;
  readonly isFocused: boolean;
  readonly onAnother: () => void;
}

/** What became of it, as the bank said, and what one may want to do next. */
export function SendResult({ command, transfer, isFocused, onAnother }: SendResultProps) {
  const { t } = useTranslation('send');
  const locale = useLocale();
  const { body, toName } = command;
  return (
    <Stack>
      <Group wrap="nowrap" align="flex-start" gap="sm">
        <StatusIcon status={transfer.status} />
        <StepHeading isFocused={isFocused}>
          {t(`result.${transfer.status}`, { amount: formatMoney(transfer.amount, locale), name: toName })}
        </StepHeading>
      </Group>
      <TransferResult command={command} transfer={transfer} />
      <Group gap="sm">
        <LineLink transfer={transfer} />
        <Button variant="default" leftSection={<RotateCcw size={18} aria-hidden />} onClick={onAnother}>
          {t('result.another')}
        </Button>
        <LinkButton
          to="/standing-orders"
          search={{
            create: true,
            from: body.fromAccountId,
            toIban: body.toIban,
            name: toName,
            amount: body.amount.amount,
            ...(body.reference === '' ? {} : { reference: body.reference }),
          }}
          variant="default"
          leftSection={<Repeat size={18} aria-hidden />}
        >
          {t('result.regular')}
        </LinkButton>
        {command.isNew && <SavePayee name={toName} iban={body.toIban} />}
      </Group>
    </Stack>
  );
}

/** Leads to the line in the account, or to the account while it is not known which line it is. */
function LineLink({ transfer }: Pick<SendResultProps, 'transfer'>) {
  const { t } = useTranslation('send');
  const line = useQuery(transferLineQuery(useBank(), transfer)).data;
  const accountId = transfer.fromAccountId;
  if (line === null || line === undefined) {
    return (
      <LinkButton to="/accounts/$accountId" params={{ accountId }}>
        {t('result.toTransaction')}
      </LinkButton>
    );
  }
  return (
    <LinkButton to="/accounts/$accountId/transactions/$transactionId" params={{ accountId, transactionId: line.id }}>
      {t('result.toTransaction')}
    </LinkButton>
  );
}

/** The status once more, for those who look before they read. */
function StatusIcon({ status }: Pick<Transfer, 'status'>) {
  if (status === 'completed') return <CircleCheck size={30} className="good-icon" aria-hidden />;
  return status === 'pending' ? (
    <Clock size={30} aria-hidden />
  ) : (
    <CircleX size={30} className="bad-icon" aria-hidden />
  );
}

function TransferResult({ command, transfer }: Pick<SendResultProps, 'command' | 'transfer'>) {
  const { t } = useTranslation('send');
  const locale = useLocale();
  const { balance, fee } = transfer;
  return (
    <Facts>
      <Fact label={t('review.to')}>
        <Text fw={600}>{command.toName}</Text>
        <Text size="sm" c="dimmed">
          {formatIban(command.body.toIban)}
        </Text>
      </Fact>
      <Fact label={t('review.from')}>{command.fromName}</Fact>
      {transfer.reference !== '' && <Fact label={t('review.reference')}>{transfer.reference}</Fact>}
      <Fact label={t('result.when')}>{formatMoment(transfer.bookedAt, locale)}</Fact>
      {fee !== undefined && signOf(fee) !== 'none' && (
        <Fact label={t('review.fee')}>
          <Amount money={fee} />
        </Fact>
      )}
      {balance !== undefined && (
        <Fact label={t('result.available')}>
          <Amount money={balance.available} fw={600} />
        </Fact>
      )}
    </Facts>
  );
}
