/** The only door out over HTTP: checked and pinned addresses, https in production, timeouts, size caps. */
export { addressClass, type AddressClass } from './address-class.js';
export { OutboundClient, type OutboundAnswer, type OutboundRequest } from './outbound.client.js';
export { OutboundError, type OutboundReason } from './outbound-error.js';
export { OutboundModule } from './outbound.module.js';
export { OutboundPolicy, type HostClass, type PolicySettings } from './outbound-policy.js';
export { resolveHost, type Resolve, type ResolvedAddress } from './resolve-host.js';
