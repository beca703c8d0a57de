import type { CashMovement } from '@florin/sdk';
import { Button, Group, Stack, Text } from '@mantine/core';
import { RotateCcw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CashSearch } from '../../api/staff-search.ts';
import { formatMoment } from '../../format/dates.ts';
import { formatIban, formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { StepHeading } from '../../payment/step-heading.tsx';
import type { CashAnswer, CashCommand } from './cash-intent.ts';

interface CashResultProps {
  readonly command: CashCommand;
  readonly movement: CashAnswer;
  readonly isFocused: boolean;
  readonly onAgain: (search: CashSearch) => void;
}

/** What came of it: it was booked, or waits for a supervisor. */
export function CashResult(props: CashResultProps) {
  const { movement, ...rest } = props;
  return 'balance' in movement ? <Booked {...rest} movement={movement} /> : <Waits {...rest} />;
}

function Waits({ command: { account }, isFocused, onAgain }: Omit<CashResultProps, 'movement'>) {
  const { t } = useTranslation('cash');
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t('waits.title')}</StepHeading>
      <Text>{t('waits.text', { holder: account.holderName })}</Text>
      <Group gap="sm">
        <LinkButton to="/staff/requests">{t('waits.toRequests')}</LinkButton>
        <Button variant="default" onClick={() => onAgain({})}>
          {t('done.another')}
        </Button>
      </Group>
    </Stack>
  );
}

/** What was booked and what is on the account now, as the bank said, and what comes next. */
function Booked({
  command: { account },
  movement,
  isFocused,
  onAgain,
}: Omit<CashResultProps, 'movement'> & { readonly movement: CashMovement }) {
  const { t } = useTranslation('cash');
  const locale = useLocale();
  const { id, kind, amount, balance, bookedAt } = movement;
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t(`done.${kind}`, { amount: formatMoney(amount, locale) })}</StepHeading>
      {kind === 'withdrawal' && <Text>{t('done.handOver')}</Text>}
      <Facts>
        <Fact label={t('holder')}>
          <strong>{account.holderName}</strong>
        </Fact>
        <Fact label={t('iban')}>
          <span className="iban-text">{formatIban(account.iban)}</span>
        </Fact>
        <Fact label={t('done.balance')}>
          <Amount money={balance.posted} fw={700} />
        </Fact>
        <Fact label={t('done.available')}>
          <Amount money={balance.available} fw={600} />
        </Fact>
        <Fact label={t('done.when')}>{formatMoment(bookedAt, locale)}</Fact>
      </Facts>
      <Group gap="sm">
        <Button leftSection={<RotateCcw size={18} aria-hidden />} onClick={() => onAgain({})}>
          {t('done.another')}
        </Button>
        <Button variant="default" onClick={() => onAgain({ account: account.iban })}>
          {t('done.same')}
        </Button>
        <LinkButton to="/staff/journals/$journalId" params={{ journalId: id }} variant="default">
          {t('done.toEntry')}
        </LinkButton>
      </Group>
    </Stack>
  );
}
