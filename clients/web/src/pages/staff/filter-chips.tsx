import { Button, Group } from '@mantine/core';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** One thing a list is narrowed by: its name in the address, and what it says in words. */
export interface Chip<Part extends string> {
  readonly part: Part;
  readonly label: string;
}

interface FilterChipsProps<Part extends string> {
  readonly chips: readonly Chip<Part>[];
  readonly onRemove: (part: Part) => void;
  readonly onClear: () => void;
}

/** Everything a list is narrowed by, each with the way out of it. */
export function FilterChips<Part extends string>({ chips, onRemove, onClear }: FilterChipsProps<Part>) {
  const { t } = useTranslation('staff');
  const { t: shell } = useTranslation();
  if (chips.length === 0) return null;
  return (
    <Group gap="xs" role="group" aria-label={t('activeFilters')}>
      {chips.map(({ part, label }) => (
        <Button
          key={part}
          variant="light"
          size="xs"
          radius="xl"
          className="staff-chip"
          rightSection={<X size={14} aria-hidden />}
          aria-label={t('removeFilter', { filter: label })}
          onClick={() => onRemove(part)}
        >
          {label}
        </Button>
      ))}
      <Button variant="subtle" size="xs" className="staff-chip" onClick={onClear}>
        {shell('clearFilters')}
      </Button>
    </Group>
  );
}
