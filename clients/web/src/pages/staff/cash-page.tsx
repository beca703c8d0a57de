import './staff.css';
import { newId, systemClock } from '@florin/primitives';
import { Paper, Text, VisuallyHidden } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { moveCash } from '../../api/staff-commands.ts';
import type { CashSearch } from '../../api/staff-search.ts';
import { formatIban, formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Amount } from '../../parts/amount.tsx';
import { LinkButton } from '../../parts/links.tsx';
import { Page } from '../../parts/page.tsx';
import { Checking, NotKnown } from '../../payment/outcome-steps.tsx';
import { useHasMoved } from '../../payment/use-has-moved.ts';
import { useIntent } from '../../payment/use-intent.ts';
import { useBank, useUser } from '../../session/use-bank.ts';
import { CashForm } from './cash-form.tsx';
import {
  type CashAnswer,
  type CashCommand,
  type CashDraft,
  type CashEvent,
  type CashIntent,
  cashOrigin,
  freshCashDraft,
} from './cash-intent.ts';
import { CashResult } from './cash-result.tsx';
import { CashReview } from './cash-review.tsx';

/** The teller's counter: whose account, how much, looked over, booked once. Whoever signs in meanwhile begins anew. */
export function CashPage() {
  const { t } = useTranslation('cash');
  const search = useSearch({ from: '/staff/cash' });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <CashFlow key={`${useUser().id} ${cashOrigin(search)}`} />
    </Page>
  );
}

function CashFlow() {
  const bank = useBank();
  const queries = useQueryClient();
  const search = useSearch({ from: '/staff/cash' });
  const [intent, dispatch] = useIntent<CashDraft, CashCommand, CashAnswer>({
    name: 'cash',
    origin: cashOrigin(search),
    fresh: freshCashDraft(search),
    send: async ({ kind, body }, key) => {
      const movement = await moveCash(bank, kind, body, key);
      for (const name of ['accounts', 'history', 'journals', 'books']) {
        void queries.invalidateQueries({ queryKey: [name] });
      }
      return movement;
    },
  });
  const outcome = useOutcomeText(intent);
  return (
    <Paper className="card narrow" p={{ base: 'md', sm: 'xl' }}>
      <VisuallyHidden role="status">{outcome}</VisuallyHidden>
      <CashStep intent={intent} dispatch={dispatch} />
    </Paper>
  );
}

interface CashStepProps {
  readonly intent: CashIntent;
  readonly dispatch: (event: CashEvent) => void;
}

function CashStep({ intent, dispatch }: CashStepProps) {
  const navigate = useNavigate();
  const isFocused = useHasMoved(intent.step);
  /** Counts the forms of this visit, so that each begins with its own fields. */
  const [round, setRound] = useState(0);
  const beginAgain = (search: CashSearch): void => {
    // What the address filled in belongs to what is over.
    void navigate({ to: '/staff/cash', search, replace: true });
    setRound(round + 1);
    dispatch({ kind: 'begun-again', draft: freshCashDraft(search) });
  };
  switch (intent.step) {
    case 'form':
      return (
        <CashForm
          key={round}
          draft={intent.draft}
          refusal={intent.refusal}
          isFocused={isFocused}
          onTyped={(draft) => dispatch({ kind: 'typed', draft })}
          onReviewed={(command) => dispatch({ kind: 'reviewed', command, key: newId(0) })}
        />
      );
    case 'review':
      return <CashReview intent={intent} isFocused={isFocused} dispatch={dispatch} />;
    case 'sending':
      if (!intent.isUnsure) return <CashReview intent={intent} isFocused={isFocused} dispatch={dispatch} />;
      return <Checking summary={<CashSummary command={intent.command} />} isFocused={isFocused} />;
    case 'confirming':
      // Who stands at the counter shows a passport: cash is not confirmed here.
      return null;
    case 'unknown':
      return (
        <NotKnown
          summary={<CashSummary command={intent.command} />}
          isFocused={isFocused}
          where={<ToAccount command={intent.command} />}
          isTooOld={intent.isTooOld}
          onCheckAgain={() => dispatch({ kind: 'asked-again', nowMs: systemClock() })}
          onBeginAgain={() => beginAgain({})}
        />
      );
    case 'done':
      return (
        <CashResult command={intent.command} movement={intent.answer} isFocused={isFocused} onAgain={beginAgain} />
      );
  }
}

/** What it is about while it is not known what became of it, and what that means for the cash on the counter. */
function CashSummary({ command: { kind, body, account } }: { readonly command: CashCommand }) {
  const { t } = useTranslation('cash');
  return (
    <div>
      <Amount money={body.amount} className="amount large-amount" />
      <Text fw={600}>{t('inAccountOf', { name: account.holderName })}</Text>
      <Text size="sm" c="dimmed" className="iban-text">
        {formatIban(account.iban)}
      </Text>
      <Text mt="sm" fw={600} className="warning-text">
        {t(`hold.${kind}`)}
      </Text>
    </div>
  );
}

function ToAccount({ command: { body, account } }: { readonly command: CashCommand }) {
  const { t } = useTranslation('cash');
  return (
    <LinkButton
      to="/staff/accounts/$accountId"
      params={{ accountId: body.accountId }}
      search={{ iban: account.iban }}
      variant="default"
    >
      {t('toAccount')}
    </LinkButton>
  );
}

/** What is happening, for those who hear the page; empty while nothing is. */
function useOutcomeText(intent: CashIntent): string {
  const { t } = useTranslation('cash');
  const { t: payment } = useTranslation('payment');
  const locale = useLocale();
  switch (intent.step) {
    case 'sending':
      return payment(intent.isUnsure ? 'checking.title' : 'sending');
    case 'unknown':
      return payment('unknown.title');
    case 'done':
      if (!('balance' in intent.answer)) return t('waits.title');
      return t(`done.${intent.answer.kind}`, { amount: formatMoney(intent.answer.amount, locale) });
    default:
      return '';
  }
}
