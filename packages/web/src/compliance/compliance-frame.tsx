import { Outlet } from '@tanstack/react-router';
import { ComplianceNav } from './compliance-nav.tsx';

/** Every page of compliance, with the way to the others above it. */
export function ComplianceFrame() {
  return (
    <>
      <ComplianceNav />
      <Outlet />
    </>
  );
}
