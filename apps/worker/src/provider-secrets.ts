/**
 * Prints the secrets in effect that vendors are given by hand: `npm run providers:secrets`. Those that no variable sets
 * are made from SECRET_KEY.
 */
import { derivedSecret } from '#libs/cloud';
import { loadConfig } from '#libs/config';

const { cloud, secretKey } = loadConfig(process.env);
for (const [code, { own }] of Object.entries(cloud)) {
  for (const [variable, { value, isDerived, isSecret }] of Object.entries(own)) {
    if (!isSecret) continue;
    const effective = isDerived && secretKey !== null ? derivedSecret(secretKey, variable) : value;
    process.stdout.write(`${code}\t${variable}\t${effective ?? 'none: SECRET_KEY is not set'}\n`);
  }
}
