/** A request as people keep it, and how its options become the specification of a connection. */
import type { ComposedMessage } from '../shared/compose/compose.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import { isPolling, schemeOf, type TransportName, traitsOf, transportsWith } from '../shared/transports.ts'
import {
  OPTION_NAMES,
  type OptionName,
  type OptionValues,
  REQUEST_OPTIONS,
  type RequestOption,
} from './options.ts'

/** What to connect to, and what to send: the same for the terminal, the palette, and a file of requests. */
export interface SavedRequest {
  readonly spec: ConnectionSpec
  /** Sent in order, once the connection is first open. */
  readonly messages: readonly ComposedMessage[]
}

/** The specification with an option set. */
function withOption<Name extends OptionName>(
  spec: ConnectionSpec,
  name: Name,
  value: OptionValues[Name],
): ConnectionSpec {
  const option: RequestOption<OptionValues[Name]> = REQUEST_OPTIONS[name]
  return option.apply?.(spec, value) ?? { ...spec, [option.sets]: value }
}

/** The specification with an option set from text, which is not checked: `parseSpec` does that. */
export function withText(spec: ConnectionSpec, name: OptionName, text: string): ConnectionSpec {
  const value: unknown = REQUEST_OPTIONS[name].fromText?.(text) ?? text
  return { ...spec, [REQUEST_OPTIONS[name].sets]: value }
}

/** The specification for a URL and options. It holds only what was given. */
export function specOf(url: string, values: Partial<OptionValues>): ConnectionSpec {
  return withValues({ url }, values)
}

/** The specification with the options that are given. */
export function withValues(spec: ConnectionSpec, values: Partial<OptionValues>): ConnectionSpec {
  return OPTION_NAMES.reduce<ConnectionSpec>((set, name) => {
    const value = values[name]
    return value === undefined ? set : withOption(set, name, value)
  }, spec)
}

/** The specification with which a request of a file is run: with the cookies of others, unless it says not to use them. */
export function withCookieJar(spec: ConnectionSpec): ConnectionSpec {
  return { cookieJar: true, ...spec }
}

/** Replaces the URL. Drops the transport if it cannot connect to that URL, so that it is detected. */
export function withUrl(spec: ConnectionSpec, url: string): ConnectionSpec {
  const { transport, ...rest } = spec
  const spoken = traitsOf(transport)?.scheme
  const fits = spoken === undefined || spoken === (schemeOf(url) ?? 'http')
  return { ...rest, url, ...(transport !== undefined && fits && { transport }) }
}

/** Names what is set besides URL and transport, such as "POST, headers, body"; empty if nothing is. */
export function summaryOf({ url: _, transport: __, method, ...rest }: ConnectionSpec): string {
  const others = Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  return [...(method === undefined ? [] : [method]), ...others].join(', ')
}

/** The options that are set but have no effect on any transport that the connection can use. */
export function optionsWithoutEffect(spec: ConnectionSpec): OptionName[] {
  const possible = possibleTransports(spec)
  return OPTION_NAMES.filter((name) => {
    const { sets, transports = possible } = REQUEST_OPTIONS[name]
    return spec[sets] !== undefined && !possible.some((each) => transports.includes(each))
  })
}

/** Whether an option has an effect on every transport that the connection can use. */
export function alwaysHasEffect(name: OptionName, spec: ConnectionSpec): boolean {
  const { transports } = REQUEST_OPTIONS[name]
  return transports === undefined || possibleTransports(spec).every((each) => transports.includes(each))
}

/** `auto` never polls: polling has to be asked for. */
function possibleTransports({ url, transport = 'auto' }: ConnectionSpec): readonly TransportName[] {
  if (transport !== 'auto') return [transport]
  return transportsWith('scheme', schemeOf(url) ?? 'http').filter((name) => !isPolling(name))
}
