export function PayeesPage() {
  return null;
}
