import { stopKeeper } from './keeper.mjs';

/** After all tests: stops the run's servers and waits until their files are gone. */
export default async function stopServers() {
  await Promise.all((globalThis.keepers ?? []).map(stopKeeper));
}
