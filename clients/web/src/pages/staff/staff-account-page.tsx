export function StaffAccountPage() {
  return null;
}
