import { Modal, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface DialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** While something is under way it must not look as if closing stopped it. */
  readonly isBusy?: boolean;
  /** As wide as a form with two columns. */
  readonly isWide?: boolean;
  /** Called when it is gone from the screen; the place to move the focus to what opened it, should that be gone too. */
  readonly onGone?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** Something asked over the page. What it holds is made when it opens and forgotten when it closes. */
export function Dialog({ opened, onClose, title, isBusy = false, isWide = false, onGone, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={isBusy ? () => undefined : onClose}
      title={
        <Text component="span" fw={650} size="lg">
          {title}
        </Text>
      }
      closeButtonProps={{ 'aria-label': t('close'), className: 'touch-target', disabled: isBusy }}
      padding="lg"
      size={isWide ? 'lg' : 'md'}
      centered
      {...(onGone === undefined ? {} : { onExitTransitionEnd: onGone })}
    >
      {children}
    </Modal>
  );
}
