import { Text } from '@mantine/core';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { NameStanding } from './name-check.ts';

/** How sure it is whose account this is, in a few words; one's own needs none. */
export function NameStandingText({ standing }: { readonly standing: NameStanding }) {
  const { t } = useTranslation('payment');
  if (standing === 'own') return null;
  const Icon = standing === 'match' || standing === 'kept' ? CircleCheck : TriangleAlert;
  return (
    <Text size="sm" className="standing" data-standing={standing}>
      <Icon size={16} aria-hidden /> {t(`standing.${standing}`)}
    </Text>
  );
}
