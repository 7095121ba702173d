import { Module, type DynamicModule } from '@nestjs/common';
import { CONFIG, type AppConfig } from '#libs/config';
import { LocalStorage } from './local-storage.js';
import type { ObjectStorage } from './object-storage.js';

/** Injection token of the `ObjectStorage`. */
export const OBJECT_STORAGE = Symbol('OBJECT_STORAGE');

/** Gives every module the `ObjectStorage` that the configuration names. */
@Module({})
export class StorageModule {
  static forRoot(): DynamicModule {
    return {
      module: StorageModule,
      global: true,
      providers: [
        {
          provide: OBJECT_STORAGE,
          inject: [CONFIG],
          useFactory: ({ storage }: AppConfig): Promise<ObjectStorage> => openStorage(storage),
        },
      ],
      exports: [OBJECT_STORAGE],
    };
  }
}

/** The S3 client is loaded only where it is used: it is large. */
async function openStorage(storage: AppConfig['storage']): Promise<ObjectStorage> {
  if (storage.kind === 'local') return new LocalStorage(storage.directory);
  const { S3Storage } = await import('./s3-storage.js');
  return new S3Storage(storage);
}
