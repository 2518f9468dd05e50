/** Checks the options of `connect` and reads the files that they name. */
import { isUtf8 } from 'node:buffer'
import { checkCredentials } from '../../request/check-credentials.ts'
import type { HeaderField } from '../../request/headers.ts'
import type { OptionValues, ProtocolOption } from '../../request/options.ts'
import { type SavedRequest, specOf } from '../../request/request.ts'
import { maskingOf } from '../../session/payload-masks.ts'
import { secretsOf } from '../../shared/credentials.ts'
import type { Dialect } from '../../shared/dialect.ts'
import { type DecoderOptions, PROTOBUF } from '../../shared/protocol/decoding.ts'
import type { KeepAliveMessage } from '../../shared/protocol/rules.ts'
import type { Rule } from '../../shared/rule.ts'
import { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { requireSpoken } from '../../shared/spoken/check.ts'
import { isUnixUrl, withSocketOfUrl } from '../../shared/unix-url.ts'
import { parseUrl } from '../../shared/url.ts'
import type { GivenAuth } from '../auth/auth-option.ts'
import { givenCredentials } from '../auth/given-credentials.ts'
import { requireValid, UsageError } from '../command-line.ts'
import type { ValueFile } from '../option-values.ts'
import { isSameFile } from '../same-file.ts'
import { CookieFile } from './cookie-file.ts'
import { withPassphrase } from './key-passphrase.ts'
import { readMessages } from './messages-to-send.ts'
import { readDialects, readFileOrInput, readListed, readOptionFile } from './option-files.ts'
import type { ProtoOptions } from './proto-options.ts'
import { type Rotation, rotationOf } from './rotation.ts'
import type { SendOptions } from './send-options.ts'

/** The output options, as commander hands them over. */
export interface OutputOptions extends ProtoOptions {
  readonly save?: string
  readonly rotate?: Omit<Rotation, 'keep'>
  readonly rotateKeep?: number
  /** URL of a collector. */
  readonly otlp?: string
  readonly reveal?: readonly string[]
  readonly mask?: readonly string[]
  readonly format?: Format
  readonly decoded?: boolean
  /** A file. */
  readonly protocols?: string
  /** If undefined, the terminal and the environment decide. */
  readonly color?: boolean
}

/** The options that commander hands over, each read by its reader. Certificates are still files. */
export interface ConnectOptions
  extends OutputOptions,
    SendOptions,
    Partial<Omit<OptionValues, 'header' | 'data' | 'protocolOption' | 'cookieJar'>> {
  readonly header?: readonly (HeaderField | ValueFile)[]
  readonly protocolOption?: readonly (ProtocolOption | ValueFile)[]
  /** A file. */
  readonly cookieJar?: string
  /** Text, or `@FILE`. */
  readonly data?: string
  readonly auth?: GivenAuth
  readonly on?: readonly Rule[]
  readonly keepAlive?: KeepAliveMessage
  readonly expect?: readonly string[]
  readonly interactive?: boolean
  readonly socketFigures?: boolean
  readonly maxMessages?: number
  /** Milliseconds. */
  readonly duration?: number
}

export type Format = 'jsonl' | 'pretty' | 'none'

/** Where the session is written, and how. */
export interface OutputPlan
  extends Pick<OutputOptions, 'save' | 'color' | 'decoder' | 'otlp'>,
    Required<Pick<OutputOptions, 'reveal' | 'mask' | 'format' | 'decoded'>> {
  /** The user's own. */
  readonly dialects: readonly Dialect[]
  readonly decoderOptions: DecoderOptions | undefined
  readonly rotation?: Rotation | undefined
  /** The file of the cookies. */
  readonly cookieFile?: CookieFile
  /** Values to mask wherever they appear. */
  readonly secrets?: KnownSecrets
  /** What is printed above a connection in the readable format, by its number. */
  readonly headings?: ReadonlyMap<number, string>
}

export interface ConnectPlan
  extends OutputPlan,
    Pick<ConnectOptions, 'keepAlive' | 'maxMessages' | 'duration'> {
  readonly request: SavedRequest
  readonly secrets: KnownSecrets
  readonly rules: readonly Rule[]
  readonly expectations: readonly string[]
  readonly interactive: boolean
  readonly socketFigures: boolean
}

/** Throws a `UsageError` if the options are wrong or contradict each other. */
export async function planConnection(url: string, options: ConnectOptions): Promise<ConnectPlan> {
  requireValid(() => parseUrl(url, options.transport))
  checkStandardInput(options)
  const outputs = await planOutputs(options)
  const { decoder } = outputs
  const values = await readValues({ ...options, ...(decoder !== undefined && { decoder }) })
  checkProtocol(values)
  const spec = specOf(url, values)
  if (spec.socketPath !== undefined && isUnixUrl(url))
    throw new UsageError('The URL names a Unix socket, and so does --unix-socket; leave out one of them.')
  if (spec.proxy !== undefined && withSocketOfUrl(spec).socketPath !== undefined)
    throw new UsageError(
      'A connection to a Unix socket goes through no proxy; leave out --proxy, or the socket.',
    )
  const credentials = options.auth && (await givenCredentials(options.auth))
  if (credentials !== undefined) requireValid(() => checkCredentials({ ...spec, credentials }))
  return {
    request: {
      spec: await withPassphrase({ ...spec, ...(credentials && { credentials }) }),
      messages: await readMessages(options),
    },
    rules: options.on ?? [],
    keepAlive: options.keepAlive,
    expectations: options.expect ?? [],
    interactive: options.interactive ?? false,
    socketFigures: options.socketFigures ?? false,
    maxMessages: options.maxMessages,
    duration: options.duration,
    ...outputs,
    secrets: new KnownSecrets(credentials && secretsOf(credentials)),
    ...(await readCookieFile(options)),
  }
}

/** Rejects with a `UsageError` if the file cannot be used. */
export async function readCookieFile({
  cookieJar,
  save,
}: Pick<ConnectOptions, 'cookieJar' | 'save'>): Promise<Pick<OutputPlan, 'cookieFile'>> {
  if (cookieJar === undefined) return {}
  if (save !== undefined && (await isSameFile(save, cookieJar)))
    throw new UsageError('--save and --cookie-jar name the same file; choose another one.')
  return { cookieFile: await CookieFile.read(cookieJar) }
}

/** Throws a `UsageError` if there are options of a protocol, but no protocol that has them. */
export function checkProtocol({ protocol, protocolOption = [] }: Partial<OptionValues>): void {
  if (protocol === undefined) {
    if (protocolOption.length > 0)
      throw new UsageError('--protocol-option sets an option of a protocol; add --protocol NAME.')
    return
  }
  const { protocolOptions } = specOf('', { protocolOption })
  requireValid(() => requireSpoken(protocol, protocolOptions))
}

/** Throws a `UsageError` if two options read standard input. */
function checkStandardInput({ interactive, data, header = [], protocolOption = [] }: ConnectOptions): void {
  const isInput = (each: object) => 'file' in each && each.file === '-'
  const readers = [
    ...(interactive === true ? ['-i'] : []),
    ...(data === '@-' ? ['-d @-'] : []),
    ...header.filter(isInput).map(() => '-H @-'),
    ...protocolOption.filter(isInput).map(() => '--protocol-option @-'),
  ]
  if (readers.length > 1)
    throw new UsageError(`${readers.join(' and ')} both read standard input; give one of them.`)
}

/**
 * Fills in the defaults, which depend on whether standard output is a terminal. Throws a `UsageError` if the options
 * contradict each other.
 */
export async function planOutputs(options: OutputOptions): Promise<OutputPlan> {
  const { save, otlp, reveal = [], mask = [], format, decoded = false, protocols, color } = options
  if (decoded && format !== undefined && format !== 'jsonl')
    throw new UsageError(`--decoded adds to JSON lines, and --format is ${format}; leave out one of them.`)
  const rotation = rotationOf(options)
  requireValid(() => maskingOf({ mask }))
  const dialects = protocols === undefined ? [] : await readDialects(protocols)
  if (options.decoder !== undefined) {
    const { checkDecoder } = await import('../printed-decoding.ts')
    checkDecoder(options.decoder, dialects)
  }
  const decoderOptions = await protoOptions(options)
  const decoder = decoderOptions === undefined ? options.decoder : PROTOBUF
  const usual = decoded || !process.stdout.isTTY ? 'jsonl' : 'pretty'
  const printed = { format: format ?? usual, decoded, decoder, decoderOptions, dialects, color }
  return { save, rotation, otlp, reveal, mask, ...printed }
}

/** Reads the files that options name, and leaves out what is at its default. */
export async function readValues({
  header,
  protocolOption,
  data,
  framing,
  compression,
  cookieJar,
  ...rest
}: ConnectOptions): Promise<Partial<OptionValues>> {
  if ((rest.cert === undefined) !== (rest.key === undefined))
    throw new UsageError('--cert and --key belong together; give both (they may name the same file).')
  return {
    ...rest,
    ...(header !== undefined && { header: await readListed('header', header) }),
    ...(protocolOption !== undefined && {
      protocolOption: await readListed('protocolOption', protocolOption),
    }),
    ...(data !== undefined && { data: await bodyOf(data) }),
    ...(framing !== 'auto' && { framing }),
    ...(cookieJar !== undefined && { cookieJar: true }),
    ...(compression === false && { compression }),
    ...(rest.ca !== undefined && { ca: await Promise.all(rest.ca.map((file) => readPem(file, '--ca'))) }),
    ...(rest.cert !== undefined && { cert: await readPem(rest.cert, '--cert') }),
    ...(rest.key !== undefined && { key: await readPem(rest.key, '--key') }),
  }
}

async function bodyOf(data: string): Promise<NonNullable<ConnectionSpec['body']>> {
  if (!data.startsWith('@')) return data
  const bytes = await readFileOrInput(data.slice(1), '-d')
  return isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') }
}

async function readPem(file: string, option: string): Promise<string> {
  return (await readOptionFile(file, option)).toString('utf8')
}

/** Undefined without such options. What reads schemas is loaded only for them. */
async function protoOptions(options: ProtoOptions): Promise<DecoderOptions | undefined> {
  if (options.proto === undefined && options.protoMessage === undefined) return undefined
  const { readProtoOptions } = await import('./proto-options.ts')
  return await readProtoOptions(options)
}
