/** What a `connect` command line asks for, checked and with its files read. */
import { isUtf8 } from 'node:buffer'
import type { Headers } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec, Framing, ReconnectPolicy, TransportName } from '../../shared/spec.ts'
import { parseUrl } from '../../shared/url.ts'
import { UsageError } from '../usage.ts'
import type { HeaderField, HeaderFile } from '../values.ts'
import { readFields, readInput, readNamed } from './read-files.ts'

/** The options of where the session goes. */
export interface OutputOptions {
  readonly save?: string
  readonly reveal?: readonly string[]
  readonly mask?: readonly string[]
  readonly format?: Format
  readonly color?: boolean
}

/** The options as commander hands them over, each already read by its reader. */
export interface ConnectOptions extends OutputOptions {
  readonly transport: TransportName | 'auto'
  readonly method?: string
  readonly header?: readonly (HeaderField | HeaderFile)[]
  readonly data?: string
  readonly subprotocol?: readonly string[]
  readonly send?: readonly string[]
  readonly interactive?: boolean
  readonly reconnect?: ReconnectPolicy
  readonly maxAttempts?: number
  readonly interval?: number
  readonly cursor?: string
  readonly timeout?: number
  readonly framing: Framing
  readonly maxMessageSize?: number
  readonly compression: boolean
  readonly insecure?: boolean
  readonly plainRedirects?: boolean
  readonly ca?: readonly string[]
  readonly cert?: string
  readonly key?: string
  readonly proxy?: string
  readonly maxMessages?: number
  /** Milliseconds. */
  readonly duration?: number
}

export type Format = 'jsonl' | 'pretty' | 'none'

/** Where the session goes. */
export interface OutputPlan {
  readonly save: string | undefined
  readonly reveal: readonly string[]
  readonly mask: readonly string[]
  readonly format: Format
  /** Undefined: as the terminal and the environment say. */
  readonly color: boolean | undefined
}

export interface ConnectPlan extends OutputPlan {
  readonly spec: ConnectionSpec
  readonly send: readonly string[]
  readonly interactive: boolean
  readonly maxMessages: number | undefined
  /** Milliseconds. */
  readonly duration: number | undefined
}

/** Throws a `UsageError` for what cannot be meant. */
export async function planConnection(url: string, options: ConnectOptions): Promise<ConnectPlan> {
  checkUrl(url, options.transport)
  checkStandardInput(options)
  return {
    spec: await specOf(url, options),
    send: options.send ?? [],
    interactive: options.interactive ?? false,
    maxMessages: options.maxMessages,
    duration: options.duration,
    ...planOutputs(options),
  }
}

/** Standard input has one reader. */
function checkStandardInput({ interactive, data, header = [] }: ConnectOptions): void {
  const fromFiles = header.filter((each) => 'file' in each && each.file === '-').map(() => '-H @-')
  const readers = [...(interactive === true ? ['-i'] : []), ...(data === '@-' ? ['-d @-'] : []), ...fromFiles]
  if (readers.length > 1)
    throw new UsageError(`${readers.join(' and ')} both read standard input; give one of them.`)
}

/** Where the session goes, by the options given and by what standard output is. */
export function planOutputs(options: OutputOptions): OutputPlan {
  return {
    save: options.save,
    reveal: options.reveal ?? [],
    mask: options.mask ?? [],
    format: options.format ?? (process.stdout.isTTY ? 'pretty' : 'jsonl'),
    color: options.color,
  }
}

function checkUrl(url: string, transport: TransportName | 'auto'): void {
  try {
    parseUrl(url, transport)
  } catch (thrown) {
    throw thrown instanceof Failure ? new UsageError(thrown.message) : thrown
  }
}

/** Only what was given is in the spec: the session's first line tells what the user asked for. */
async function specOf(url: string, options: ConnectOptions): Promise<ConnectionSpec> {
  const tls = await tlsOf(options)
  return {
    url,
    transport: options.transport,
    ...(options.method !== undefined && { method: options.method }),
    ...(options.header !== undefined && { headers: headersOf(await readFields(options.header)) }),
    ...(options.data !== undefined && { body: await bodyOf(options.data) }),
    ...(options.subprotocol !== undefined && { subprotocols: options.subprotocol }),
    ...(options.reconnect !== undefined && { reconnect: options.reconnect }),
    ...(options.maxAttempts !== undefined && { maxAttempts: options.maxAttempts }),
    ...(options.interval !== undefined && { interval: options.interval }),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
    ...(options.framing !== 'auto' && { framing: options.framing }),
    ...(options.cursor !== undefined && { cursor: options.cursor }),
    ...(tls !== undefined && { tls }),
    ...(options.proxy !== undefined && { proxy: options.proxy }),
    ...(options.maxMessageSize !== undefined && { maxMessageSize: options.maxMessageSize }),
    ...(!options.compression && { compression: false }),
  }
}

/** Fields of one name, in whatever case, are one header with all their values. */
function headersOf(fields: readonly HeaderField[]): Headers {
  const byName = new Map<string, { readonly name: string; readonly values: string[] }>()
  for (const [name, value] of fields) {
    const key = name.toLowerCase()
    const header = byName.get(key) ?? { name, values: [] }
    header.values.push(value)
    byName.set(key, header)
  }
  return Object.fromEntries(
    [...byName.values()].map(({ name, values }) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}

async function bodyOf(data: string): Promise<NonNullable<ConnectionSpec['body']>> {
  if (!data.startsWith('@')) return data
  const bytes = await readInput(data.slice(1), '-d')
  return isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') }
}

async function tlsOf(options: ConnectOptions): Promise<ConnectionSpec['tls']> {
  const { insecure, plainRedirects, ca, cert, key } = options
  if ((cert === undefined) !== (key === undefined))
    throw new UsageError('--cert and --key belong together; give both (they may name the same file).')
  if ([insecure, plainRedirects, ca, cert].every((option) => option === undefined)) return undefined
  const pem = async (file: string, option: string) => (await readNamed(file, option)).toString('utf8')
  return {
    ...(insecure !== undefined && { insecure }),
    ...(plainRedirects !== undefined && { plainRedirects }),
    ...(ca !== undefined && { ca: await Promise.all(ca.map((file) => pem(file, '--ca'))) }),
    ...(cert !== undefined && { cert: await pem(cert, '--cert') }),
    ...(key !== undefined && { key: await pem(key, '--key') }),
  }
}
