import { Button, Text } from '@mantine/core';
import { CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';

interface AllWellProps {
  readonly title: string;
  /** What that means, and when it was so. */
  readonly text: string;
  readonly onLook: () => void;
}

/** Nothing is there that should not be there, as of when it was last looked. */
export function AllWell({ title, text, onLook }: AllWellProps) {
  const { t } = useTranslation('operations');
  return (
    <div className="all-well" data-state="empty">
      <CircleCheck size={22} aria-hidden className="good-icon" />
      <div>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
      <Button variant="default" size="sm" className="touch-target" onClick={onLook}>
        {t('lookAgain')}
      </Button>
    </div>
  );
}
