/** The part of a form that finds the field of an answer; `getInputNode` of @mantine/form. */
interface FieldFinder {
  getInputNode(path: string): HTMLElement | null;
}

/** What to do with a form that can not be sent yet: the focus goes to the first field with an error. */
export function focusFirst(form: FieldFinder): (errors: Readonly<Record<string, unknown>>) => void {
  return (errors) => {
    const [first] = Object.keys(errors);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };
}
