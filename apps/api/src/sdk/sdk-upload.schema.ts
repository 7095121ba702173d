import type { ApiBodyOptions } from '@nestjs/swagger';

type Schema = Extract<ApiBodyOptions, { schema: unknown }>['schema'];

const text: Schema = { type: 'string', nullable: true };
const time: Schema = { type: 'string', format: 'date-time' };
const offset: Schema = { ...text, example: '+02:00' };

const source: Schema = {
  type: 'object',
  nullable: true,
  description: 'Who wrote the item',
  properties: {
    appId: text,
    name: text,
    bundleIdentifier: text,
    version: text,
    productType: text,
    deviceId: text,
    deviceName: text,
    deviceManufacturer: text,
    deviceModel: text,
    deviceHardwareVersion: text,
    deviceSoftwareVersion: text,
    deviceType: text,
    recordingMethod: text,
    operatingSystemVersion: {
      type: 'object',
      nullable: true,
      properties: {
        majorVersion: { type: 'integer' },
        minorVersion: { type: 'integer' },
        patchVersion: { type: 'integer' },
      },
    },
  },
};

const item = (required: string[], properties: Record<string, Schema>): Schema => ({
  type: 'array',
  items: {
    type: 'object',
    required: ['startDate', 'endDate', ...required],
    properties: { id: text, parentId: text, startDate: time, endDate: time, zoneOffset: offset, source, ...properties },
  },
});

const number: Schema = { oneOf: [{ type: 'number' }, { type: 'string' }] };
const statistic: Schema = {
  type: 'object',
  required: ['type', 'unit', 'value'],
  properties: { type: { type: 'string' }, unit: { type: 'string' }, value: number },
};

/** What a phone uploads. Items that do not fit are dropped one by one and named in the task; unknown keys are ignored. */
export const SDK_UPLOAD_SCHEMA: Schema = {
  type: 'object',
  required: ['provider', 'sdkVersion', 'syncTimestamp', 'data'],
  properties: {
    provider: { type: 'string', description: 'apple, samsung or google, in any case' },
    sdkVersion: { type: 'string' },
    syncTimestamp: time,
    data: {
      type: 'object',
      properties: {
        records: item(['value', 'unit'], { type: text, value: number, unit: text }),
        sleep: item(['stage'], { stage: { type: 'string' } }),
        workouts: item([], { type: text, values: { type: 'array', nullable: true, items: statistic } }),
      },
    },
  },
};
