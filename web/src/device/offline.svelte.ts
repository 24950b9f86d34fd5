/** The page without its server, by the service worker. */
class Offline {
  /** A newer page waits to take this one's place. */
  newer = $state(false);
  private registration: ServiceWorkerRegistration | undefined;

  start(): void {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    const begin = () => void this.register().catch(() => undefined); // without it the page works as long as the server does
    if (document.readyState === 'complete') begin();
    else addEventListener('load', begin);
  }

  /** Loads the newer page; what was not kept on this one is lost. */
  takeOver(): void {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
    this.registration?.waiting?.postMessage('take over');
  }

  private async register(): Promise<void> {
    const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
    this.registration = registration;
    const see = () => {
      this.newer = Boolean(registration.waiting && navigator.serviceWorker.controller);
    };
    see();
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', see);
    });
  }
}

export const offline = new Offline();
