/** Files that people export from elsewhere: taken in, read in the background, stored. Apple Health today. */
export { ClientUploads, type UploadOffer, type UploadWish } from './desk/client-uploads.js';
export { ImportDesk } from './desk/import-desk.js';
export { type IncomingFile } from './desk/incoming-file.js';
export { ImportSweep } from './import-sweep.js';
export { ImportDeskModule, ImportRunModule } from './imports.module.js';
export { ImportRunner } from './run/import-runner.js';
export { SnsDesk, type SnsAnswer } from './sns/sns-desk.js';
