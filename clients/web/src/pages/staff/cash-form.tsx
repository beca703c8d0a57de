import { isValidIban, normaliseIban } from '@florin/money';
import { ApiProblem } from '@florin/sdk';
import { Button, Skeleton, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { accountLookUpQuery } from '../../api/staff-queries.ts';
import { formatIban } from '../../format/money.ts';
import { DataRegion, Nothing } from '../../parts/data-region.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { isMissing } from '../../parts/is-missing.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import type { Refusal } from '../../payment/intent.ts';
import { StepHeading } from '../../payment/step-heading.tsx';
import { useBank } from '../../session/use-bank.ts';
import { CashAccount } from './cash-account.tsx';
import type { CashCommand, CashDraft } from './cash-intent.ts';
import { CashMoneyForm } from './cash-money-form.tsx';

interface CashFormProps {
  readonly draft: CashDraft;
  /** Why what was confirmed was not booked. */
  readonly refusal: Refusal | undefined;
  readonly isFocused: boolean;
  readonly onTyped: (draft: CashDraft) => void;
  readonly onReviewed: (command: CashCommand) => void;
}

/** First whose account it is, then what is handed over: no amount is typed before one sees a name. */
export function CashForm({ draft, refusal, isFocused, onTyped, onReviewed }: CashFormProps) {
  const { t } = useTranslation('cash');
  const choose = (iban: string) => onTyped({ ...draft, iban });
  return (
    <Stack>
      {refusal !== undefined && <ProblemNotice error={new ApiProblem(refusal)} title={t('refused')} />}
      {draft.iban === '' ? (
        <AccountFinder isFocused={isFocused} onFound={choose} />
      ) : (
        <FoundAccount
          draft={draft}
          isFocused={isFocused}
          onTyped={onTyped}
          onReviewed={onReviewed}
          onOther={() => choose('')}
          key={draft.iban}
        />
      )}
    </Stack>
  );
}

function AccountFinder({
  isFocused,
  onFound,
}: {
  readonly isFocused: boolean;
  readonly onFound: (iban: string) => void;
}) {
  const { t } = useTranslation('cash');
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { iban: '' },
    validate: {
      iban(text) {
        if (text.trim() === '') return t('find.ibanMissing');
        return isValidIban(normaliseIban(text)) ? null : t('find.ibanWrong');
      },
    },
  });
  return (
    <form onSubmit={form.onSubmit(({ iban }) => onFound(normaliseIban(iban)), focusFirst(form))} noValidate>
      <Stack>
        <StepHeading isFocused={isFocused}>{t('find.title')}</StepHeading>
        <TextInput
          label={t('find.iban')}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={42}
          autoFocus
          key={form.key('iban')}
          {...form.getInputProps('iban')}
        />
        <Button type="submit" className="own-width">
          {t('find.submit')}
        </Button>
      </Stack>
    </form>
  );
}

interface FoundAccountProps extends Omit<CashFormProps, 'refusal'> {
  readonly onOther: () => void;
}

function FoundAccount({ draft, isFocused, onTyped, onReviewed, onOther }: FoundAccountProps) {
  const { t } = useTranslation('cash');
  const account = useQuery(accountLookUpQuery(useBank(), draft.iban));
  const other = (
    <Button variant="default" onClick={onOther}>
      {t('other')}
    </Button>
  );
  if (account.data === undefined && isMissing(account.error)) {
    const title = t('unknownIban', { iban: formatIban(draft.iban) });
    return <Nothing title={title} text={t('unknownIbanText')} action={other} />;
  }
  return (
    <DataRegion query={account} skeleton={<Skeleton h={180} />}>
      {(data) => (
        <>
          <CashAccount account={data} action={<div>{other}</div>} />
          <CashMoneyForm account={data} draft={draft} isFocused={isFocused} onTyped={onTyped} onReviewed={onReviewed} />
        </>
      )}
    </DataRegion>
  );
}
