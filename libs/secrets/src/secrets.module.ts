import { Global, Module } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { localKey } from './local-key.js';
import { SecretBox } from './secret-box.js';

/** The box of this installation: under ENCRYPTION_KEYS, else under the key kept in the data directory. */
export const secretBoxOf = ({ encryptionKeys, dataDir }: Pick<AppConfig, 'encryptionKeys' | 'dataDir'>): SecretBox =>
  new SecretBox(encryptionKeys ?? [localKey(dataDir)]);

/** Gives every module of the application the `SecretBox`. */
@Global()
@Module({
  providers: [{ provide: SecretBox, inject: [CONFIG], useFactory: secretBoxOf }],
  exports: [SecretBox],
})
export class SecretsModule {}
