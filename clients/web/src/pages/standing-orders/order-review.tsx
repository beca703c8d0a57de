import { systemClock } from '@florin/primitives';
import { Button, Group, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { formatIban } from '../../format/money.ts';
import { Amount } from '../../parts/amount.tsx';
import { Fact, Facts } from '../../parts/facts.tsx';
import { NameStandingText } from '../../payment/name-standing-text.tsx';
import { ReviewNotice, useSecondsLeft } from '../../payment/review-notice.tsx';
import { ScamWarning } from '../../payment/scam-warning.tsx';
import { StepHeading } from '../../payment/step-heading.tsx';
import type { OrderCommand, OrderEvent, OrderIntent } from './order-draft.ts';
import { usePreview } from './use-rhythm.ts';

interface OrderReviewProps {
  readonly intent: Extract<OrderIntent, { step: 'review' | 'sending' }>;
  readonly isFocused: boolean;
  readonly dispatch: (event: OrderEvent) => void;
}

/** Everything about the standing order once more; the one button here makes it. */
export function OrderReview({ intent, isFocused, dispatch }: OrderReviewProps) {
  const { t } = useTranslation(['standingOrders', 'send']);
  const { command } = intent;
  const notice = intent.step === 'review' ? intent.notice : undefined;
  const secondsLeft = useSecondsLeft(notice);
  const isSending = intent.step === 'sending';
  return (
    <Stack>
      <StepHeading isFocused={isFocused}>{t('review.title')}</StepHeading>
      {notice !== undefined && <ReviewNotice notice={notice} secondsLeft={secondsLeft} />}
      <Amount money={command.body.amount} className="amount large-amount" />
      <OrderFacts command={command} />
      {command.isNew && <ScamWarning />}
      <Group>
        <Button
          className="wrapping-button"
          loading={isSending}
          disabled={secondsLeft > 0}
          onClick={() => dispatch({ kind: 'confirmed', nowMs: systemClock() })}
        >
          {t('review.submit')}
        </Button>
        <Button variant="default" disabled={isSending} onClick={() => dispatch({ kind: 'edited' })}>
          {t('send:review.edit')}
        </Button>
      </Group>
    </Stack>
  );
}

function OrderFacts({ command }: { readonly command: OrderCommand }) {
  const { t } = useTranslation('standingOrders');
  const preview = usePreview();
  const { body, fromName, standing } = command;
  const { payeeName, toIban, reference, endDate = null } = body;
  return (
    <Facts>
      <Fact label={t('detail.to')}>
        <Text fw={600}>{payeeName}</Text>
        <Text size="sm" c="dimmed">
          {formatIban(toIban)}
        </Text>
        <NameStandingText standing={standing} />
      </Fact>
      <Fact label={t('detail.from')}>{fromName}</Fact>
      <Fact label={t('detail.reference')}>{reference === '' ? t('detail.noReference') : reference}</Fact>
      <Fact label={t('review.dates')}>{preview({ ...body, endDate })}</Fact>
    </Facts>
  );
}
