import { Avatar, UnstyledButton, type UnstyledButtonProps } from '@mantine/core';
import type { ComponentPropsWithRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useUser } from '../session/use-bank.ts';

/** The button that opens the menu of the person. */
export function UserButton(props: UnstyledButtonProps & ComponentPropsWithRef<'button'>) {
  const { t } = useTranslation();
  const { name } = useUser();
  return (
    <UnstyledButton {...props} aria-label={t('menuOf', { name })} className="user-menu">
      <Avatar name={name.replaceAll(/[^\p{L}\p{N}\s]/gu, '')} color="forest" variant="filled" radius="xl" aria-hidden />
    </UnstyledButton>
  );
}
