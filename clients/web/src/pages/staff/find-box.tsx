import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SEARCH_TEXT_LENGTH_MAX } from '../../api/history-search.ts';
import { accountLookUpQuery } from '../../api/staff-queries.ts';
import { isMissing } from '../../parts/is-missing.ts';
import { useProblemText } from '../../parts/problem-text.ts';
import { SEARCH_KEY, SearchKeyMark, useSearchKey } from '../../parts/search-key.tsx';
import { useBank, useHasRole } from '../../session/use-bank.ts';
import { readStaffSearch } from './read-staff-search.ts';

/** One box for everything one may have in hand: an IBAN, a name, an address, the number of a transfer. */
export function FindBox() {
  const { t } = useTranslation('staff');
  const input = useRef<HTMLInputElement>(null);
  const seesJournals = useHasRole('teller', 'supervisor', 'auditor');
  const { find, problem, isPending } = useFind(seesJournals);
  const hasKey = useSearchKey(input);

  function submit(event: FormEvent): void {
    event.preventDefault();
    find(input.current?.value ?? '');
    input.current?.focus();
  }

  return (
    <search>
      <form onSubmit={submit} noValidate>
        <div className="search-row">
          <TextInput
            ref={input}
            type="search"
            label={t('findLabel')}
            description={t(seesJournals ? 'findHint.all' : 'findHint.customers')}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            aria-keyshortcuts={hasKey ? SEARCH_KEY : undefined}
            autoComplete="off"
            enterKeyHint="search"
            maxLength={SEARCH_TEXT_LENGTH_MAX}
            leftSection={<Search size={18} aria-hidden />}
            rightSection={hasKey && <SearchKeyMark />}
            error={problem}
          />
          <Button type="submit" loading={isPending} className="beside-field">
            {t('find')}
          </Button>
        </div>
      </form>
    </search>
  );
}

/** Leads to what was typed, or says why not. */
function useFind(seesJournals: boolean) {
  const { t } = useTranslation('staff');
  const bank = useBank();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const text = useProblemText();
  const [problem, setProblem] = useState<string>();
  const lookUp = useMutation({
    mutationFn: (iban: string) => queries.fetchQuery(accountLookUpQuery(bank, iban)),
    onSuccess: ({ id, iban }) =>
      navigate({ to: '/staff/accounts/$accountId', params: { accountId: id }, search: { iban } }),
    onError: (error) => setProblem(isMissing(error) ? t('ibanUnknown') : text(error)),
  });

  const toCustomers = (q: string) => void navigate({ to: '/staff/customers', search: { q } });
  const toJournal = (id: string) => void navigate({ to: '/staff/journals/$journalId', params: { journalId: id } });

  function find(typed: string): void {
    const search = readStaffSearch(typed);
    setProblem(undefined);
    if (search.kind === 'nothing') setProblem(t('findNothing'));
    if (search.kind === 'wrong-iban') setProblem(t('ibanWrong'));
    if (search.kind === 'account') lookUp.mutate(search.iban);
    if (search.kind === 'customers') toCustomers(search.q);
    if (search.kind === 'journal') (seesJournals ? toJournal : toCustomers)(search.id);
  }

  return { find, problem, isPending: lookUp.isPending };
}
