export function StandingOrderPage() {
  return null;
}
