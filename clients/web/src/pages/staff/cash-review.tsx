import { systemClock } from '@florin/primitives';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatIban, formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { ReviewNotice, useSecondsLeft } from '../../payment/review-notice.tsx';
import { StepHeading } from '../../payment/step-heading.tsx';
import type { CashEvent, CashIntent } from './cash-intent.ts';

interface CashReviewProps {
  readonly intent: Extract<CashIntent, { step: 'review' | 'sending' }>;
  readonly isFocused: boolean;
  readonly dispatch: (event: CashEvent) => void;
}

/** Everything once more; the one button here books it. */
export function CashReview({ intent, isFocused, dispatch }: CashReviewProps) {
  const { t } = useTranslation('cash');
  const locale = useLocale();
  const { kind, body, account } = intent.command;
  const notice = intent.step === 'review' ? intent.notice : undefined;
  const secondsLeft = useSecondsLeft(notice);
  const isSending = intent.step === 'sending';
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t(`review.title.${kind}`)}</StepHeading>
      {notice !== undefined && <ReviewNotice notice={notice} secondsLeft={secondsLeft} />}
      <Amount money={body.amount} className="amount large-amount" />
      <Facts>
        <Fact label={t('holder')}>
          <strong>{account.holderName}</strong>
        </Fact>
        <Fact label={t('name')}>{account.name}</Fact>
        <Fact label={t('iban')}>
          <span className="iban-text">{formatIban(account.iban)}</span>
        </Fact>
        <Fact label={t('form.reference')}>{body.reference === '' ? t('review.noReference') : body.reference}</Fact>
      </Facts>
      <Text size="sm">{t(`review.check.${kind}`, { name: account.holderName })}</Text>
      <Group>
        <Button
          className="wrapping-button"
          loading={isSending}
          disabled={secondsLeft > 0}
          onClick={() => dispatch({ kind: 'confirmed', nowMs: systemClock() })}
        >
          {t(`review.submit.${kind}`, { amount: formatMoney(body.amount, locale) })}
        </Button>
        <Button variant="default" disabled={isSending} onClick={() => dispatch({ kind: 'edited' })}>
          {t('review.edit')}
        </Button>
      </Group>
    </Stack>
  );
}
