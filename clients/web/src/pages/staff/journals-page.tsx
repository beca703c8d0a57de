export function JournalsPage() {
  return null;
}
