import { ApiProblem } from '@florin/sdk';
import { PasswordInput, type PasswordInputProps } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** As the bank asks for it; it decides, this only saves a round trip. */
export const PASSWORD_LENGTH_MIN = 12;

/** Whether the bank says no to the new password itself, which is said at its field. */
export function isAboutPassword(error: unknown): error is ApiProblem {
  return error instanceof ApiProblem && error.code === 'password-too-weak';
}

/** A field for a password, which can be pasted into and looked at. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useTranslation('credentials');
  return <PasswordInput visibilityToggleButtonProps={{ 'aria-label': t('showPassword'), tabIndex: 0 }} {...props} />;
}
