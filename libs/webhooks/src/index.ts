/** Events to integrators: catalogue, outbox to messages, endpoints, signing, delivery, history. */
export { eventSchema } from './catalogue/event-schema.js';
export {
  ADDITIONAL_EVENT_TYPES,
  EVENT_TYPE_COUNT,
  EVENT_TYPES,
  eventType,
  type EventType,
} from './catalogue/event-type.js';
export { AttemptSender } from './delivery/attempt-sender.js';
export { WebhookDispatcher } from './delivery/dispatcher.js';
export { ManualDeliveries, type ReplayRange } from './delivery/manual.js';
export { ResultRecorder } from './delivery/recorder.js';
export type { EndpointChanges, EndpointStats, EndpointView, NewEndpoint, Owner } from './endpoints/endpoint.js';
export { EndpointsRepository } from './endpoints/endpoints.repository.js';
export { Endpoints, ownerOfApiKey } from './endpoints/endpoints.service.js';
export { EndpointSecrets } from './endpoints/secrets.js';
export { WebhookHistory, type AttemptQuery } from './history/history.reader.js';
export type { AttemptView, HistoryPage, HistoryQuery, MessageView } from './history/history.js';
export { WebhookRelay } from './relay/relay.js';
export { newSecret, secretKey, signedHeaders } from './signing/sign.js';
export { WebhookRetention } from './upkeep/webhook-retention.js';
export { WebhookSweep } from './upkeep/webhook-sweep.js';
export { WebhookDeliveryModule, WebhooksModule } from './webhooks.module.js';
