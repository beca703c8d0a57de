import { Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';

/**
 * The heading of a step, to which the focus moves when the step begins, so that nobody is left on a button that is no
 * longer there. The first step of a visit leaves the focus where the page's load put it.
 */
export function StepHeading({ isFocused, children }: { readonly isFocused: boolean; readonly children: ReactNode }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (isFocused) ref.current?.focus();
  }, [isFocused]);
  return (
    <Title order={2} size="h3" ref={ref} tabIndex={-1} className="quiet-focus">
      {children}
    </Title>
  );
}
