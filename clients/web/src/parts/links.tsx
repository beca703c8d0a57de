import { Anchor, type AnchorProps, Button, type ButtonProps, Paper, type PaperProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { ComponentPropsWithRef } from 'react';

// Mantine's looks on the router's links: real links, that open in a new tab, whose targets the compiler checks.

type LinkOnly = Omit<ComponentPropsWithRef<'a'>, 'style' | 'color'>;

function AnchorBase(props: AnchorProps & LinkOnly) {
  return <Anchor underline="always" {...props} />;
}

function ButtonBase(props: ButtonProps & LinkOnly) {
  return <Button component="a" {...props} />;
}

function PaperBase(props: PaperProps & LinkOnly) {
  return <Paper component="a" {...props} />;
}

export const LinkAnchor = createLink(AnchorBase);
export const LinkButton = createLink(ButtonBase);
export const LinkPaper = createLink(PaperBase);
