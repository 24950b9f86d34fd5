// Which scripts may be run, where the browser asks (Trusted Types): our own files. It is the default policy, since the
// engine starts workers of its own accord.
interface Policies {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: Policies };

trustedTypes?.createPolicy('default', {
  createScriptURL(address) {
    const { origin, pathname, href } = new URL(address, location.origin);
    if (origin === location.origin && (pathname === '/sw.js' || pathname.startsWith('/assets/'))) return href;
    throw new TypeError(`${href} is no script of this page`);
  },
});
