/** Limits that are well known: defaults and quotas of proxies and platforms. */
import { timeSpan } from '../../../shared/text/quantities.ts'
import type { Place } from './ends.ts'
import { type Limit, toleranceOf } from './limits.ts'

interface KnownLimit {
  /** Milliseconds. */
  readonly value: number
  readonly on: 'silence' | 'age'
  readonly name: string
  /** What its `Server` header says, if it says what it is. */
  readonly server?: RegExp
}

const KNOWN: readonly KnownLimit[] = [
  // https://cowboy.ninenines.eu/docs: idle_timeout of cowboy_websocket, which Phoenix uses.
  { value: 60_000, on: 'silence', name: 'Cowboy and Phoenix', server: /cowboy/i },
  // https://nginx.org/en/docs/http/websocket.html: proxy_read_timeout.
  { value: 60_000, on: 'silence', name: 'nginx (proxy_read_timeout)', server: /nginx/i },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html
  { value: 60_000, on: 'silence', name: 'AWS Application Load Balancer', server: /awselb/i },
  // The configuration that haproxy's packages install.
  { value: 50_000, on: 'silence', name: 'haproxy as packaged (timeout client)' },
  // https://devcenter.heroku.com/articles/http-routing#timeouts
  { value: 55_000, on: 'silence', name: 'Heroku', server: /heroku|vegur/i },
  // https://developers.cloudflare.com/fundamentals/reference/connection-limits/
  { value: 100_000, on: 'silence', name: 'Cloudflare', server: /cloudflare/i },
  // https://learn.microsoft.com/azure/load-balancer/load-balancer-tcp-reset
  { value: 240_000, on: 'silence', name: 'Azure Load Balancer' },
  // https://www.envoyproxy.io/docs/envoy/latest/faq/configuration/timeouts: stream_idle_timeout, and the timeout of a route.
  { value: 300_000, on: 'silence', name: 'Envoy (stream_idle_timeout)', server: /envoy/i },
  { value: 15_000, on: 'age', name: 'Envoy (timeout of a route)', server: /envoy/i },
  // https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html
  { value: 350_000, on: 'silence', name: 'AWS Network Load Balancer' },
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
  { value: 600_000, on: 'silence', name: 'AWS API Gateway' },
  { value: 7_200_000, on: 'age', name: 'AWS API Gateway' },
  // https://cloud.google.com/load-balancing/docs/backend-service#timeout-setting
  { value: 30_000, on: 'age', name: 'Google Cloud Load Balancing' },
  // https://cloud.google.com/run/docs/configuring/request-timeout
  { value: 300_000, on: 'age', name: 'Google Cloud Run' },
  { value: 3_600_000, on: 'age', name: 'many load balancers' },
]

/** A sentence that names what has such a limit, as a guess; empty if nothing is known to. */
export function guessOf({ kind, median }: Limit, { server }: Pick<Place, 'server'>): string {
  const on = kind === 'age' ? 'age' : 'silence'
  const near = KNOWN.filter(
    (known) => known.on === on && Math.abs(known.value - median) <= toleranceOf(known.value),
  )
  const named = near.filter((known) => known.server?.test(server) === true)
  const [first, ...others] = named.length > 0 ? named : near
  if (first === undefined) return ''
  const names = [first, ...others].map(({ name }) => name).join(', ')
  const why = named.length > 0 ? 'which the Server header names' : 'and nothing says whether it is in between'
  return ` A guess: ${timeSpan(first.value)} is the default of ${names}, ${why}.`
}
