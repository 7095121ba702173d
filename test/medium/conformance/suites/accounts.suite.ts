import { expect, it } from '@jest/globals';
import { PROFILES } from '../profiles.js';
import type { CloudStrategy } from '../providers.js';
import { loggingIn } from '../replay.js';
import { sampleOf } from '../stored.js';
import type { World } from '../world.js';

/** How a user comes and goes. */
export function describeAccounts({ code, cloud }: CloudStrategy, world: () => World): void {
  const profile = PROFILES[code]!;
  const { given } = sampleOf(code, profile.pull);

  it('sends the browser where the vendor asks, with what we want to read', async () => {
    const { platform, vendor } = world();
    vendor.reset(loggingIn(profile));
    const { authorizationUrl } = await platform.authorize(code);
    const { oauth } = cloud;
    expect(authorizationUrl.href).toContain(oauth.authorizeUrl);
    expect(authorizationUrl.searchParams.get('scope') ?? '').toBe(oauth.defaultScope);
    expect(authorizationUrl.searchParams.has('code_challenge')).toBe(oauth.pkce === true);
    if (oauth.afterToken) expect(vendor.hits).toContainEqual(expect.objectContaining({ path: oauth.afterToken.path }));
  });

  it('tells the vendor when a user leaves', async () => {
    const { platform, vendor } = world();
    const account = await platform.connect(code, given);
    vendor.reset(() => ({ status: 204 }));
    await platform.farewell(account);
    const [call] = cloud.oauth.revoke ?? [];
    const told = vendor.hits.map(({ method, path }) => `${method} ${path}`);
    const { provider_user_id: id = '' } = given.connection;
    expect(told).toEqual(call ? [`${call.method} ${call.path.replace('{provider_user_id}', id)}`] : []);
  });
}
