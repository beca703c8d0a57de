import { systemClock } from '@florin/primitives';
import type { Transfer } from '@florin/sdk';
import { Paper, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sendTransfer } from '../../api/payment-commands.ts';
import { LinkButton } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { ConfirmStep } from '../../payment/confirm-step.tsx';
import { Checking, NotKnown } from '../../payment/outcome-steps.tsx';
import { PaidSummary } from '../../payment/paid-summary.tsx';
import type { PaymentDraft } from '../../payment/payment-draft.ts';
import { originOf } from '../../payment/payment-search.ts';
import { useHasMoved } from '../../payment/use-has-moved.ts';
import { useIntent } from '../../payment/use-intent.ts';
import { useBank, useUser } from '../../session/use-bank.ts';
import { SendForm } from './send-form.tsx';
import { SendResult } from './send-result.tsx';
import { SendReview } from './send-review.tsx';
import type { SendEvent, SendIntent, TransferCommand } from './transfer-command.ts';
import { useOutcomeText } from './use-outcome-text.ts';

/** Sending money: said, looked over, done. Whoever signs in meanwhile begins anew. */
export function SendPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('send')}>
      <SendFlow key={useUser().id} />
    </Page>
  );
}

function SendFlow() {
  const bank = useBank();
  const queries = useQueryClient();
  const [intent, dispatch] = useIntent<PaymentDraft | null, TransferCommand, Transfer>({
    name: 'transfer',
    origin: originOf(useSearch({ from: '/customer/send' })),
    fresh: null,
    send: async ({ body }, key, confirmation) => {
      const transfer = await sendTransfer(bank, body, { key, confirmation });
      for (const kind of ['accounts', 'history', 'payees']) void queries.invalidateQueries({ queryKey: [kind] });
      return transfer;
    },
  });
  const outcome = useOutcomeText(intent);
  return (
    <Paper className="card narrow" p={{ base: 'md', sm: 'xl' }}>
      <VisuallyHidden role="status">{outcome}</VisuallyHidden>
      <SendStep intent={intent} dispatch={dispatch} />
    </Paper>
  );
}

interface SendStepProps {
  readonly intent: SendIntent;
  readonly dispatch: (event: SendEvent) => void;
}

function SendStep({ intent, dispatch }: SendStepProps) {
  const { t } = useTranslation('payment');
  const navigate = useNavigate();
  const isFocused = useHasMoved(intent.step);
  /** Counts the forms of this visit, so that each begins empty. */
  const [round, setRound] = useState(0);
  const beginAgain = (): void => {
    // What the address filled in belongs to what is over.
    void navigate({ to: '/send', search: {}, replace: true });
    setRound(round + 1);
    dispatch({ kind: 'begun-again', draft: null });
  };
  switch (intent.step) {
    case 'form':
      return (
        <SendForm
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
      return <SendReview intent={intent} isFocused={isFocused} dispatch={dispatch} />;
    case 'sending':
      if (!intent.isUnsure) return <SendReview intent={intent} isFocused={isFocused} dispatch={dispatch} />;
      return <Checking summary={<TransferSummary command={intent.command} />} isFocused={isFocused} />;
    case 'confirming':
      return <ConfirmStep key={intent.challenge.id} intent={intent} isFocused={isFocused} dispatch={dispatch} />;
    case 'unknown':
      return (
        <NotKnown
          summary={<TransferSummary command={intent.command} />}
          isFocused={isFocused}
          where={
            <LinkButton
              to="/accounts/$accountId"
              params={{ accountId: intent.command.body.fromAccountId }}
              variant="default"
            >
              {t('unknown.toAccount')}
            </LinkButton>
          }
          isTooOld={intent.isTooOld}
          onCheckAgain={() => dispatch({ kind: 'asked-again', nowMs: systemClock() })}
          onBeginAgain={beginAgain}
        />
      );
    case 'done':
      return (
        <SendResult command={intent.command} transfer={intent.answer} isFocused={isFocused} onAnother={beginAgain} />
      );
  }
}

function TransferSummary({ command: { body, toName } }: { readonly command: TransferCommand }) {
  return <PaidSummary amount={body.amount} name={toName} iban={body.toIban} />;
}
