/** What a provider is: its strategy, how uploads are read, and how payloads become one HealthBatch. */
export * from './clean-text.js';
export * from './health-batch-builder.js';
export * from './provider-factory.js';
export * from './provider-strategy.js';
export * from './providers.module.js';
export { convert, CONVERSIONS, type Conversion } from './sdk/conversion.js';
export type { SdkDialect } from './sdk/sdk-dialect.js';
export { checkEnvelope, SDK_PROVIDERS, type EnvelopeFacts, type SdkProvider } from './sdk/sdk-envelope.js';
export { SdkMapper, type SdkMapping } from './sdk/sdk-mapper.js';
export { SDK_METRICS, sdkMetric, type SdkMetric } from './sdk/sdk-metrics.js';
export { MalformedJson } from './upload/malformed-json.js';
export { checkUpload, type UploadFacts } from './upload/upload-check.js';
export { readUpload, type ItemCounts, type SdkUploadChunk, type UploadReader } from './upload/upload-reader.js';
export { SDK_COLLECTIONS, type SdkCollection, type SliceLimits } from './upload/upload-scanner.js';
export { EMPTY_WORKOUT_DETAIL } from './workout-detail.js';
