import { ActionIcon, Tooltip, VisuallyHidden } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { Check, Copy } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** Puts a text on the clipboard, and says whether it worked. `label` names what is copied: "Copy the IBAN". */
export function CopyButton({ value, label }: { readonly value: string; readonly label: string }) {
  const { t } = useTranslation();
  const { copy, copied, error } = useClipboard();
  const outcome = error === null ? (copied ? t('copied') : undefined) : t('copyFailed');
  return (
    <>
      <Tooltip label={outcome ?? label} {...(outcome === undefined ? {} : { opened: true })} multiline maw={240}>
        <ActionIcon variant="subtle" className="touch-target" aria-label={label} onClick={() => copy(value)}>
          {copied ? <Check size={18} aria-hidden /> : <Copy size={18} aria-hidden />}
        </ActionIcon>
      </Tooltip>
      <VisuallyHidden role="status">{outcome}</VisuallyHidden>
    </>
  );
}
