import { Button, Group, Stack, Text } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/card.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}

/** New recovery codes, shown this once: to be copied or printed before the page forgets them. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const { t } = useTranslation('security');
  const place = useRef<HTMLDivElement>(null);
  // They appear above what was clicked, and nobody may miss them.
  useEffect(() => {
    place.current?.focus();
    place.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <div ref={place} tabIndex={-1} className="recovery-codes">
      <Card title={t('codesTitle')} action={<CopyButton value={codes.join('\n')} label={t('copyCodes')} />}>
        <Stack gap="md">
          <Text size="sm">{t('codesText')}</Text>
          <ol className="recovery-list">
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ol>
          <Group className="not-on-paper">
            <Button onClick={onKept}>{t('keptCodes')}</Button>
            <Button
              variant="default"
              leftSection={<Printer size={18} aria-hidden />}
              onClick={() => globalThis.print()}
            >
              {t('printCodes')}
            </Button>
          </Group>
        </Stack>
      </Card>
    </div>
  );
}
