const CERTIFICATE = /^\/SimpleNotificationService-[a-f0-9]+\.pem$/;
const HOST = /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** The address when it is https at Amazon's notification service and nowhere else, else null. */
export function amazonUrl(text: string | undefined): URL | null {
  if (text === undefined || !text.startsWith('https://') || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = url.protocol === 'https:' && url.port === '' && url.username === '' && url.password === '';
  return isPlain && HOST.test(url.hostname) ? url : null;
}

/** The address of a signing certificate, null for any other. */
export function certificateUrl(text: string): string | null {
  const url = amazonUrl(text);
  return url && CERTIFICATE.test(url.pathname) && url.search === '' && url.hash === '' ? url.href : null;
}
