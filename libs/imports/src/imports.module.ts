import { Module } from '@nestjs/common';
import { IngestModule } from '#libs/ingest';
import { OutboundModule } from '#libs/outbound';
import { DigestModule } from '#libs/sync';
import { ClientUploads } from './desk/client-uploads.js';
import { ImportDesk } from './desk/import-desk.js';
import { ImportRequests } from './desk/import-requests.js';
import { ImportLeftovers } from './import-leftovers.repository.js';
import { ImportRepository } from './import.repository.js';
import { ImportSweep } from './import-sweep.js';
import { ImportRecorder } from './run/import-recorder.js';
import { ImportRunner } from './run/import-runner.js';
import { ImportStore } from './run/import-store.js';
import { SnsCertificates } from './sns/sns-certificates.js';
import { SnsDesk } from './sns/sns-desk.js';
import { SnsVerifier } from './sns/sns-verifier.js';

/** What the API needs, beside the storage: taking files in. */
@Module({
  imports: [OutboundModule],
  providers: [ImportRepository, ImportRequests, ImportDesk, ClientUploads, SnsCertificates, SnsVerifier, SnsDesk],
  exports: [ImportDesk, ClientUploads, SnsDesk],
})
export class ImportDeskModule {}

/** What the worker needs, beside the storage: storing them and tidying up. */
@Module({
  imports: [IngestModule, DigestModule],
  providers: [ImportRepository, ImportLeftovers, ImportRecorder, ImportStore, ImportRunner, ImportSweep],
  exports: [ImportRunner, ImportSweep],
})
export class ImportRunModule {}
