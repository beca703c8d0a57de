import { Text } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';

function BackLinkBase({ children, ...rest }: ComponentPropsWithRef<'a'>) {
  return (
    <a {...rest} className="back-link">
      <ArrowLeft size={18} aria-hidden />
      <Text component="span" size="sm" truncate>
        {children}
      </Text>
    </a>
  );
}

/** Up to the page this one belongs to, for whoever came by a link and has no page to go back to. */
export const BackLink = createLink(BackLinkBase);
