export function StandingOrdersPage() {
  return null;
}
