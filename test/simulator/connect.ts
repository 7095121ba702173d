/** The platform, as somebody who connects a user to a vendor sees it. */
export interface Connecting {
  /** Address of the platform. */
  readonly platform: string;
  readonly userId: string;
  readonly vendor: string;
  /** Which of the simulated people says yes; null: says no. */
  readonly person: number | null;
  /** Where the browser goes in the end. */
  readonly redirectUri?: string;
}

/**
 * What a browser does: asks the platform where to go, says yes on the vendor's page and follows it back.
 * @returns where the platform sends the browser in the end
 */
export async function connect({ platform, userId, vendor, person, redirectUri }: Connecting): Promise<string> {
  const query = new URLSearchParams({ user_id: userId, ...(redirectUri ? { redirect_uri: redirectUri } : {}) });
  const start = await fetch(`${platform}/api/v1/oauth/${vendor}/authorize?${query.toString()}`);
  if (!start.ok) throw new Error(`${vendor} cannot be connected: ${start.status} ${await start.text()}`);
  const page = new URL(((await start.json()) as { authorization_url: string }).authorization_url);
  const consent = await fetch(page, {
    method: 'POST',
    redirect: 'manual',
    body: new URLSearchParams([...page.searchParams, ['person', person === null ? '' : String(person)]]),
  });
  const back = await fetch(locationOf(consent), { redirect: 'manual' });
  return locationOf(back);
}

function locationOf(answer: Response): string {
  const location = answer.headers.get('location');
  if (location === null) throw new Error(`${answer.url} answered ${answer.status} instead of a redirect`);
  return new URL(location, answer.url).href;
}
