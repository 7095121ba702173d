import type { SnsMessage } from './sns-message.js';

const OF_NOTIFICATIONS = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const;
const OF_OTHERS = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const;

/** What Amazon signs of a message: names and values of the fields that are there, a line each. */
export function signedText(message: SnsMessage): string {
  const names = message.Type === 'Notification' ? OF_NOTIFICATIONS : OF_OTHERS;
  return names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`])).join('');
}
