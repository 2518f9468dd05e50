/** The event that starts an attempt. */
import type { ConnectEvent } from '../shared/event.ts'
import type { ConnectionSpec } from '../shared/spec.ts'

/** The whole spec for the first attempt, without the private key; the URL for later ones. */
export function connectEvent(
  spec: ConnectionSpec,
  base: Omit<ConnectEvent, keyof ConnectionSpec> & Pick<ConnectEvent, 'transport' | 'url'>,
): ConnectEvent {
  if (base.attempt > 0) return base
  const { tls, ...others } = spec
  if (tls === undefined) return { ...others, ...base }
  const { key: _privateKey, ...publicTls } = tls
  return { ...others, tls: publicTls, ...base }
}
