/** Checks the options of `connect` and reads the files that they name. */
import { isUtf8 } from 'node:buffer'
import type { HeaderField } from '../../request/headers.ts'
import type { OptionValues } from '../../request/options.ts'
import { type SavedRequest, specOf } from '../../request/request.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { parseUrl } from '../../shared/url.ts'
import { UsageError } from '../command-line.ts'
import type { HeaderFile } from '../option-values.ts'
import { readFields, readFileOrInput, readOptionFile } from './option-files.ts'

/** The output options, as commander hands them over. */
export interface OutputOptions {
  readonly save?: string
  readonly reveal?: readonly string[]
  readonly mask?: readonly string[]
  readonly format?: Format
  readonly color?: boolean
}

/** The options that commander hands over, each read by its reader. Certificates are still files. */
export interface ConnectOptions extends OutputOptions, Partial<Omit<OptionValues, 'header' | 'data'>> {
  readonly header?: readonly (HeaderField | HeaderFile)[]
  /** Text, or `@FILE`. */
  readonly data?: string
  readonly send?: readonly string[]
  readonly interactive?: boolean
  readonly maxMessages?: number
  /** Milliseconds. */
  readonly duration?: number
}

export type Format = 'jsonl' | 'pretty' | 'none'

/** Where the session is written, and how. */
export interface OutputPlan {
  readonly save: string | undefined
  readonly reveal: readonly string[]
  readonly mask: readonly string[]
  readonly format: Format
  /** If undefined, the terminal and the environment decide. */
  readonly color: boolean | undefined
}

export interface ConnectPlan extends OutputPlan {
  readonly request: SavedRequest
  readonly interactive: boolean
  readonly maxMessages: number | undefined
  /** Milliseconds. */
  readonly duration: number | undefined
}

/** Throws a `UsageError` if the options are wrong or contradict each other. */
export async function planConnection(url: string, options: ConnectOptions): Promise<ConnectPlan> {
  checkUrl(url, options.transport)
  checkStandardInput(options)
  return {
    request: {
      spec: specOf(url, await readValues(options)),
      messages: (options.send ?? []).map((text) => ({ format: 'text', text })),
    },
    interactive: options.interactive ?? false,
    maxMessages: options.maxMessages,
    duration: options.duration,
    ...planOutputs(options),
  }
}

/** Throws a `UsageError` if two options read standard input. */
function checkStandardInput({ interactive, data, header = [] }: ConnectOptions): void {
  const fromFiles = header.filter((each) => 'file' in each && each.file === '-').map(() => '-H @-')
  const readers = [...(interactive === true ? ['-i'] : []), ...(data === '@-' ? ['-d @-'] : []), ...fromFiles]
  if (readers.length > 1)
    throw new UsageError(`${readers.join(' and ')} both read standard input; give one of them.`)
}

/** Fills in the defaults, which depend on whether standard output is a terminal. */
export function planOutputs(options: OutputOptions): OutputPlan {
  return {
    save: options.save,
    reveal: options.reveal ?? [],
    mask: options.mask ?? [],
    format: options.format ?? (process.stdout.isTTY ? 'pretty' : 'jsonl'),
    color: options.color,
  }
}

function checkUrl(url: string, transport: ConnectOptions['transport']): void {
  try {
    parseUrl(url, transport)
  } catch (thrown) {
    throw thrown instanceof Failure ? new UsageError(thrown.message) : thrown
  }
}

/** Reads the files that options name, and leaves out what is at its default. */
async function readValues({
  header,
  data,
  framing,
  compression,
  ...rest
}: ConnectOptions): Promise<Partial<OptionValues>> {
  if ((rest.cert === undefined) !== (rest.key === undefined))
    throw new UsageError('--cert and --key belong together; give both (they may name the same file).')
  return {
    ...rest,
    ...(header !== undefined && { header: await readFields(header) }),
    ...(data !== undefined && { data: await bodyOf(data) }),
    ...(framing !== 'auto' && { framing }),
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
