/** A certified OpenID provider, for tests; as much of it as they use. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  export default class Provider {
    constructor(issuer: string, options: object);
    callback(): RequestListener;
  }
}
