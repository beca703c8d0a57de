import type { Payee } from '@florin/sdk';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../parts/dialog.tsx';
import { AddPayee } from './add-payee.tsx';
import { RemovePayee } from './remove-payee.tsx';
import { RenamePayee } from './rename-payee.tsx';
import { TrustPayee } from './trust-payee.tsx';

/** What is being done with the payees. */
export type PayeeWork =
  | { readonly kind: 'add' }
  | { readonly kind: 'rename'; readonly payee: Payee }
  | { readonly kind: 'trust'; readonly payee: Payee }
  | { readonly kind: 'remove'; readonly payee: Payee };

interface PayeeDialogProps {
  /** The last work that was begun: it stays readable while the dialog closes. */
  readonly work: PayeeWork | undefined;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** It is done, and this is what to say about it. */
  readonly onDone: (said: string) => void;
  /** The dialog is off the screen. */
  readonly onGone: () => void;
}

/** The one dialog of the page of payees. */
export function PayeeDialog({ work, isOpen, onClose, onDone, onGone }: PayeeDialogProps) {
  const title = useTitle(work);
  return (
    <Dialog opened={isOpen} onClose={onClose} onGone={onGone} title={title}>
      {work?.kind === 'add' && <AddPayee onDone={onDone} />}
      {work?.kind === 'rename' && <RenamePayee payee={work.payee} onDone={onDone} />}
      {work?.kind === 'trust' && <TrustPayee payee={work.payee} onDone={onDone} onClose={onClose} />}
      {work?.kind === 'remove' && <RemovePayee payee={work.payee} onDone={onDone} onClose={onClose} />}
    </Dialog>
  );
}

function useTitle(work: PayeeWork | undefined): string {
  const { t } = useTranslation('payees');
  switch (work?.kind) {
    case 'rename':
      return t('renameTitle', { name: work.payee.name });
    case 'trust':
      return t(work.payee.isTrusted ? 'distrustTitle' : 'trustTitle', { name: work.payee.name });
    case 'remove':
      return t('removeTitle', { name: work.payee.name });
    default:
      return t('addTitle');
  }
}
