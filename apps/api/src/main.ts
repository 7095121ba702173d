import { configureLogging, logger, startProcessMetrics } from '#libs/observability';
import { loadConfig } from '#libs/config';
import { createApi } from './create-api.js';
import { stopGracefully } from './stop-gracefully.js';

const config = loadConfig(process.env);
configureLogging({ level: config.logLevel, service: 'api' });
startProcessMetrics();
const app = await createApi(config);
stopGracefully(app);
await app.listen(config.port, config.host);
logger().info({ host: config.host, port: config.port }, 'api_listening');
process.send?.('ready');
