import { systemClock } from '@florin/primitives';
import type { StandingOrder } from '@florin/sdk';
import { Paper, Stack, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { makeStandingOrder } from '../../api/payment-commands.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { BackLink } from '../../parts/back-link.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { ConfirmStep } from '../../payment/confirm-step.tsx';
import { Checking, NotKnown } from '../../payment/outcome-steps.tsx';
import { PaidSummary } from '../../payment/paid-summary.tsx';
import { originOf } from '../../payment/payment-search.ts';
import { useHasMoved } from '../../payment/use-has-moved.ts';
import { useIntent } from '../../payment/use-intent.ts';
import { useBank } from '../../session/use-bank.ts';
import type { OrderCommand, OrderDraft, OrderEvent, OrderIntent } from './order-draft.ts';
import { OrderForm } from './order-form.tsx';
import { OrderResult } from './order-result.tsx';
import { OrderReview } from './order-review.tsx';

/** The name under which a new standing order is kept in the tab. */
export const ORDER_INTENT = 'standing-order';

/** A new standing order: said, looked over, made; once, as a payment is sent once. */
export function CreateOrder() {
  const { t } = useTranslation(['standingOrders', 'shell']);
  const bank = useBank();
  const queries = useQueryClient();
  const [intent, dispatch] = useIntent<OrderDraft | null, OrderCommand, StandingOrder>({
    name: ORDER_INTENT,
    origin: originOf(useSearch({ from: '/customer/standing-orders' })),
    fresh: null,
    send: async ({ body }, key, confirmation) => {
      const order = await makeStandingOrder(bank, body, { key, confirmation });
      void queries.invalidateQueries({ queryKey: ['standing-orders'] });
      return order;
    },
  });
  const outcome = useOutcomeText(intent);
  return (
    <Stack gap="xs">
      <BackLink to="/standing-orders">{t('detail.toList')}</BackLink>
      <Page title={t('create')}>
        <Paper className="card narrow" p={{ base: 'md', sm: 'xl' }}>
          <VisuallyHidden role="status">{outcome}</VisuallyHidden>
          <OrderStep intent={intent} dispatch={dispatch} />
        </Paper>
      </Page>
    </Stack>
  );
}

interface OrderStepProps {
  readonly intent: OrderIntent;
  readonly dispatch: (event: OrderEvent) => void;
}

function OrderStep({ intent, dispatch }: OrderStepProps) {
  const { t } = useTranslation('payment');
  const navigate = useNavigate();
  const isFocused = useHasMoved(intent.step);
  /** Counts the forms of this visit, so that each begins empty. */
  const [round, setRound] = useState(0);
  const beginAgain = (): void => {
    void navigate({ to: '/standing-orders', search: { create: true }, replace: true });
    setRound(round + 1);
    dispatch({ kind: 'begun-again', draft: null });
  };
  switch (intent.step) {
    case 'form':
      return (
        <OrderForm
          key={round}
          draft={intent.draft}
          refusal={intent.refusal}
          isFocused={isFocused}
          onTyped={(draft) => dispatch({ kind: 'typed', draft })}
          onReviewed={(command) => dispatch({ kind: 'reviewed', command, key: crypto.randomUUID() })}
          onClear={beginAgain}
        />
      );
    case 'review':
      return <OrderReview intent={intent} isFocused={isFocused} dispatch={dispatch} />;
    case 'sending':
      if (!intent.isUnsure) return <OrderReview intent={intent} isFocused={isFocused} dispatch={dispatch} />;
      return <Checking summary={<OrderSummary command={intent.command} />} isFocused={isFocused} />;
    case 'confirming':
      return <ConfirmStep key={intent.challenge.id} intent={intent} isFocused={isFocused} dispatch={dispatch} />;
    case 'unknown':
      return (
        <NotKnown
          summary={<OrderSummary command={intent.command} />}
          isFocused={isFocused}
          where={
            <LinkButton to="/standing-orders" variant="default">
              {t('unknown.toOrders')}
            </LinkButton>
          }
          isTooOld={intent.isTooOld}
          onCheckAgain={() => dispatch({ kind: 'asked-again', nowMs: systemClock() })}
          onBeginAgain={beginAgain}
        />
      );
    case 'done':
      return <OrderResult order={intent.answer} isFocused={isFocused} onAnother={beginAgain} />;
  }
}

function OrderSummary({ command }: { readonly command: OrderCommand }) {
  const { amount, payeeName, toIban } = command.body;
  return <PaidSummary amount={amount} name={payeeName} iban={toIban} />;
}

/** What is happening with a new order, for those who hear the page; empty while nothing is. */
function useOutcomeText(intent: OrderIntent): string {
  const { t } = useTranslation(['standingOrders', 'payment']);
  const locale = useLocale();
  switch (intent.step) {
    case 'sending':
      return t(intent.isUnsure ? 'payment:checking.title' : 'payment:sending');
    case 'unknown':
      return t('payment:unknown.title');
    case 'done': {
      const { amount, payeeName } = intent.answer;
      return t('result.announce', { amount: formatMoney(amount, locale), name: payeeName });
    }
    default:
      return '';
  }
}
