/** The method of an operation; its colour only repeats it. */
export function MethodMark({ method }: { readonly method: string }) {
  return (
    <span className="method" data-method={method}>
      {method}
    </span>
  );
}
