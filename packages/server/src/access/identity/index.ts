export { type Admission, admitIdentity } from './admit-identity.ts';
export { linkIdentity } from './link-identity.ts';
export type { RoleLine } from './map-role.ts';
export type {
  IdentityProvider,
  PasswordProvider,
  ProvenIdentity,
  RedirectProvider,
} from './ports.ts';
export { signInByProvider } from './sign-in-by-provider.ts';
