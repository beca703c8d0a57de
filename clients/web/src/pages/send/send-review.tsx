import { systemClock } from '@florin/primitives';
import type { Money } from '@florin/sdk';
import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { transferFeeQuery } from '../../api/payment-queries.ts';
import { formatIban, formatMoney, signOf } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { NameStandingText } from '../../payment/name-standing-text.tsx';
import { ReviewNotice, useSecondsLeft } from '../../payment/review-notice.tsx';
import { ScamWarning } from '../../payment/scam-warning.tsx';
import { StepHeading } from '../../payment/step-heading.tsx';
import { useBank } from '../../session/use-bank.ts';
import type { SendEvent, SendIntent, TransferCommand } from './transfer-command.ts';

interface SendReviewProps {
  readonly intent: Extract<SendIntent, { step: 'review' | 'sending' }>;
  readonly isFocused: boolean;
  readonly dispatch: (event: SendEvent) => void;
}

/** Everything about the payment once more; the one button here sends it. */
export function SendReview({ intent, isFocused, dispatch }: SendReviewProps) {
  const { t } = useTranslation('send');
  const locale = useLocale();
  const { command } = intent;
  const notice = intent.step === 'review' ? intent.notice : undefined;
  const secondsLeft = useSecondsLeft(notice);
  const isSending = intent.step === 'sending';
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t('review.title')}</StepHeading>
      {notice !== undefined && <ReviewNotice notice={notice} secondsLeft={secondsLeft} />}
      <Amount money={command.body.amount} className="amount large-amount" />
      <TransferFacts command={command} />
      {command.isNew && <ScamWarning />}
      <Group>
        <Button
          className="wrapping-button"
          loading={isSending}
          disabled={secondsLeft > 0}
          onClick={() => dispatch({ kind: 'confirmed', nowMs: systemClock() })}
        >
          {t('review.submit', { amount: formatMoney(command.body.amount, locale), name: command.toName })}
        </Button>
        <Button variant="default" disabled={isSending} onClick={() => dispatch({ kind: 'edited' })}>
          {t('review.edit')}
        </Button>
      </Group>
    </Stack>
  );
}

function TransferFacts({ command }: { readonly command: TransferCommand }) {
  const { t } = useTranslation('send');
  const { body, toName, fromName, standing, productCode } = command;
  const fee = useQuery(transferFeeQuery(useBank(), productCode));
  return (
    <Facts>
      <Fact label={t('review.to')}>
        <Text fw={600}>{toName}</Text>
        <Text size="sm" c="dimmed">
          {formatIban(body.toIban)}
        </Text>
        <NameStandingText standing={standing} />
      </Fact>
      <Fact label={t('review.from')}>{fromName}</Fact>
      <Fact label={t('review.reference')}>{body.reference === '' ? t('review.noReference') : body.reference}</Fact>
      <Fact label={t('review.arrives')}>{t('review.atOnce')}</Fact>
      <Fee fee={fee} />
    </Facts>
  );
}

/** What it costs: nothing is said only when the bank said that it is nothing. */
function Fee({ fee }: { readonly fee: UseQueryResult<Money | undefined> }) {
  const { t } = useTranslation('send');
  if (fee.data !== undefined && signOf(fee.data) === 'none') return null;
  return (
    <Fact label={t('review.fee')}>
      {fee.data !== undefined && <Amount money={fee.data} />}
      {fee.data === undefined && (fee.isPending ? <Skeleton h={20} w={80} /> : t('review.feeUnknown'))}
    </Fact>
  );
}
