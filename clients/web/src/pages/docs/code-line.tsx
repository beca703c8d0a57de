import { Box } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '../../parts/copy-button.tsx';

/** A line for a shell or a program, to read and to copy; it scrolls where it is longer than the page is wide. */
export function CodeLine({ code }: { readonly code: string }) {
  const { t } = useTranslation('docs');
  return (
    <div className="code-line">
      <Box component="pre" tabIndex={0} role="region" aria-label={code.slice(0, LABEL_LENGTH_MAX)}>
        <code>{code}</code>
      </Box>
      <CopyButton value={code} label={t('copyLine')} />
    </div>
  );
}

/** Enough to know which one it is. */
const LABEL_LENGTH_MAX = 60;
