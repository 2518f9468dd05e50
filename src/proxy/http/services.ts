/** What the connections of a proxy share. */
import type { Socket } from 'node:net'
import type { TrafficHost } from '../../shared/traffic.ts'
import type { OpenSocket } from '../../transport/http/connect.ts'
import type { ProxyFaults } from '../faults/proxy-faults.ts'
import type { Route } from './proxied-exchange.ts'
import type { RequestHead } from './request-head.ts'

export interface ProxyServices {
  readonly host: TrafficHost
  /** The number of the proxy. */
  readonly id: number
  readonly faults: ProxyFaults
  /** Throws a `Refusal` if the request is not passed on. */
  route(request: RequestHead, client: Socket): Route
  /** Rejects with a `Failure`, or with an error for `networkFailure`. */
  open(origin: URL, signal: AbortSignal): Promise<OpenSocket>
  /** Speaks HTTP with a client until one of them ends that. */
  serve(client: Socket, services: ProxyServices): void
  /** A request has passed, or bytes, that are not recorded. */
  passed(requests: number, bytes: number): void
  /** Takes over the socket of a `CONNECT` request, with the bytes after its head. Absent: such requests are refused. */
  readonly connect?: (request: RequestHead, client: Socket, rest: Uint8Array) => void
}
