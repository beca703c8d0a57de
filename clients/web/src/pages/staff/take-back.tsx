import type { JournalDetail } from '@florin/sdk';
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../parts/dialog.tsx';
import { useHasRole } from '../../session/use-bank.ts';
import { TakeBackForm, type TakenBackBy } from './take-back-form.tsx';
import { TakenBack } from './taken-back.tsx';

const REVERSIBLE: ReadonlySet<JournalDetail['kind']> = new Set(['transfer', 'deposit', 'withdrawal', 'fee']);

/** Taking an entry back, for those who may; nothing where it can not be. */
export function TakeBack({ journal }: { readonly journal: JournalDetail }) {
  const { t } = useTranslation('journals');
  const queries = useQueryClient();
  const mayTakeBack = useHasRole('teller', 'supervisor');
  const [isOpen, dialog] = useDisclosure();
  const [isBusy, setBusy] = useState(false);
  const [done, setDone] = useState<TakenBackBy>();
  const isPossible = REVERSIBLE.has(journal.kind) && journal.reversedBy === undefined;
  if (!mayTakeBack || (!isPossible && !isOpen)) return null;

  function refresh(): void {
    for (const kind of ['journals', 'accounts', 'history', 'books']) {
      void queries.invalidateQueries({ queryKey: [kind] });
    }
  }

  return (
    <>
      <Button variant="default" leftSection={<Undo2 size={18} aria-hidden />} onClick={dialog.open}>
        {t('takeBack')}
      </Button>
      <Dialog opened={isOpen} onClose={dialog.close} isBusy={isBusy} title={t(titleOf(done))}>
        {done === undefined ? (
          <TakeBackForm
            journal={journal}
            onBusy={setBusy}
            onClose={dialog.close}
            onStale={refresh}
            onDone={(answer) => {
              setDone(answer);
              refresh();
            }}
          />
        ) : (
          <TakenBack journal={journal} done={done} onClose={dialog.close} />
        )}
      </Dialog>
    </>
  );
}

function titleOf(done: TakenBackBy | undefined): 'takeBackTitle' | 'asked' | 'done' {
  if (done === undefined) return 'takeBackTitle';
  return done === 'asked' ? 'asked' : 'done';
}
