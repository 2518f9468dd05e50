/** The faults that the user causes on connections through a proxy, and the form for another one. */
import { signal } from '@preact/signals'
import type { FaultKind, FaultSpec } from '../../src/shared/faults.ts'
import type { HeldMessage, ProxyStatus } from '../../src/shared/protocol/traffic.ts'
import type { ConnectionStatus, SessionStatus } from '../../src/shared/status.ts'

export class FaultStore {
  /** The connection whose faults are shown. */
  readonly shown = signal<number | undefined>(undefined)
  readonly kind = signal<FaultKind>('delay')
  /** As it is typed. */
  readonly value = signal('')
  readonly match = signal('')
  /** Why the fault was not added. */
  readonly failure = signal<FormFailure | undefined>(undefined)
  /** The held message that is edited, and its text. */
  readonly edited = signal<EditedMessage | undefined>(undefined)
}

interface FormFailure {
  readonly sentence: string
  /** What is not valid; absent if neither is at fault. */
  readonly field?: 'value' | 'match'
}

interface EditedMessage {
  readonly proxy: number
  /** Of the message, at that proxy. */
  readonly id: number
  readonly text: string
}

/** The proxy that a connection goes through, if it still runs. */
export function proxyOf(
  { proxies = [] }: SessionStatus,
  { source, through }: Pick<ConnectionStatus, 'source' | 'through'>,
): ProxyStatus | undefined {
  return source === 'proxy' ? proxies.find(({ id }) => id === through) : undefined
}

/** The faults that act on a connection, and whether they are its own. */
export function faultsOn(
  { faults, connectionFaults = [] }: ProxyStatus,
  connection: number,
): { readonly faults: readonly FaultSpec[]; readonly isOwn: boolean } {
  const own = connectionFaults.find((each) => each.connection === connection)
  return own === undefined ? { faults, isOwn: false } : { faults: own.faults, isOwn: true }
}

export interface HeldAtProxy extends HeldMessage {
  readonly proxy: number
}

/** How many messages proxies hold. */
export function heldCount({ proxies = [] }: SessionStatus): number {
  return proxies.reduce((count, proxy) => count + (proxy.heldCount ?? proxy.held?.length ?? 0), 0)
}

/** The messages that proxies hold, the oldest ones of each. */
export function heldMessages({ proxies = [] }: SessionStatus): readonly HeldAtProxy[] {
  return proxies.flatMap(({ id, held = [] }) => held.map((message) => ({ ...message, proxy: id })))
}
