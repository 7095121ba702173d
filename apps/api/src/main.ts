import { loadConfig } from '#libs/config';
import { serveApi } from './serve.js';

await serveApi(loadConfig(process.env));
process.send?.('ready');
