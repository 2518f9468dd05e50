/**
 * Writes a request into a file of requests. What is written reads back as the same request, and in JetBrains' client and
 * httpYac as far as they have it (docs/http-files.md).
 */
import { Failure } from '../../shared/failure.ts'
import { intervalText } from '../../shared/keep-alive.ts'
import type { ScriptedValue, ScriptStep } from '../../shared/request-script.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { isJson } from '../../shared/text/json-text.ts'
import { schemeOf } from '../../shared/transports.ts'
import { bodyFormOf, contentTypeOf, writeBody } from './body-form.ts'
import { keywordOf, methodOf } from './methods.ts'
import { withWrittenCredentials } from './print-credentials.ts'
import { contentLines, literal, oneLine, urlText } from './print-text.ts'
import { type RequestSetting, type RunLimit, SETTINGS } from './settings.ts'

export interface WrittenRequest {
  /** It is run by this name. If absent, by its title. */
  readonly name?: string
  readonly title?: string
  /** Secrets in it are replaced by `{{$secret NAME}}`. */
  readonly spec: ConnectionSpec
  /** The messages of a WebSocket. The text of one without `variables` is sent as it is, except for `{{$secret NAME}}`. */
  readonly steps?: readonly ScriptStep[]
  readonly limits?: Readonly<Partial<Record<RunLimit, number>>>
  /** What the connection does by itself, as it is written after `# @on` and `# @keep-alive`. */
  readonly rules?: readonly string[]
  readonly keepAlive?: string
  /** Messages are only sent by hand. */
  readonly isManual?: boolean
  /** Double braces in the specification are placeholders, not text. */
  readonly hasPlaceholders?: boolean
  /** Lines in front of the request line, each with its `#`. */
  readonly comments?: readonly string[]
  /** Values of its answers that are kept. */
  readonly values?: readonly ScriptedValue[]
  /** The file with its body, beside the file of requests. */
  readonly bodyFile?: string
  /** The files of certificates and keys, in place of their texts. */
  readonly tlsFiles?: readonly PrintedOption[]
}

/** The parts of a request as they are written, each line without its end. */
export interface PrintedRequest {
  readonly name: string
  readonly title: string
  readonly options: readonly PrintedOption[]
  /** The word before the URL. */
  readonly word: string
  readonly url: string
  readonly headers: readonly PrintedHeader[]
  readonly body?: PrintedContent
  readonly steps: readonly PrintedStep[]
}

export interface PrintedOption {
  readonly name: string
  readonly value: string
}

export type PrintedHeader = PrintedOption

/** A body or a message. */
export interface PrintedContent {
  /** Empty for none. */
  readonly name: string
  /** Empty if it need not be said. */
  readonly format: string
  readonly lines: readonly string[]
}

export type PrintedStep = ({ readonly kind: 'send' } & PrintedContent) | { readonly kind: 'wait' }

/** The text of a request, with lines that end with LF. Throws a `Failure` if a part cannot be written. */
export function printRequest(request: WrittenRequest): string {
  const { name, title, options, word, url, headers, body, steps } = printParts(request)
  const shown = title === '' ? name : title
  const content = body === undefined ? stepLines(steps) : contentBlock(body)
  const lines = [
    shown === '' ? '###' : `### ${shown}`,
    ...(request.comments ?? []),
    ...(name === '' || name === shown ? [] : [`# @name ${name}`]),
    ...options.map(optionLine),
    ...(request.values ?? []).map(valueLine),
    ...automaticLines(request),
    `${word} ${url}`,
    ...headers.map(headerLine),
    ...(content.length > 0 ? [''] : []),
    ...content,
  ]
  return `${lines.join('\n')}\n`
}

export function optionLine({ name, value }: PrintedOption): string {
  return value === '' ? `# @option ${name}` : `# @option ${name} ${value}`
}

function valueLine({ name, path, filter }: ScriptedValue): string {
  return `# @set ${name} = ${path}${filter === undefined ? '' : ` when ${filter}`}`
}

/** The lines that say what a connection does by itself. Throws a `Failure` if one cannot be written. */
function automaticLines({ rules = [], keepAlive }: WrittenRequest): string[] {
  const lines = rules.map((rule) => `# @on ${rule}`)
  const all = keepAlive === undefined ? lines : [...lines, `# @keep-alive ${keepAlive}`]
  const broken = all.find((line) => /[\r\n]/.test(line))
  if (broken !== undefined)
    throw new Failure(
      'NOT_WRITABLE',
      'A rule has several lines, which a request file cannot have; shorten it.',
    )
  return all
}

export function headerLine({ name, value }: PrintedHeader): string {
  return value === '' ? `${name}:` : `${name}: ${value}`
}

/** The lines of a body or a message, with what is said of it before. */
export function contentBlock({ name, format, lines }: PrintedContent): string[] {
  return [
    ...(name === '' ? [] : [`# @message ${name}`]),
    ...(format === '' ? [] : [`# @format ${format}`]),
    ...lines,
  ]
}

export const WAIT_LINE = '=== wait-for-server'
export const SEPARATOR_LINE = '==='

function stepLines(steps: readonly PrintedStep[]): string[] {
  return steps.flatMap((step, index) => {
    if (step.kind === 'wait') return [WAIT_LINE]
    return [...(steps[index - 1]?.kind === 'send' ? [SEPARATOR_LINE] : []), ...contentBlock(step)]
  })
}

/** The parts of a request. Throws a `Failure` if one cannot be written. */
export function printParts(request: WrittenRequest): PrintedRequest {
  const { steps = [], hasPlaceholders = false, tlsFiles = [] } = request
  const spec = withWrittenCredentials(request.spec)
  const write = (text: string) => (hasPlaceholders ? text : literal(text))
  const { word, transport, method } = requestWord(spec)
  const isSocket = word === 'WEBSOCKET'
  const { subprotocols = [] } = spec
  const body = isSocket ? undefined : bodyOf(request, write)
  return {
    name: wordsAfter('=', request.name),
    title: wordsAfter('#', request.title),
    options: [
      ...(transport === undefined ? [] : [{ name: 'transport', value: transport }]),
      ...(method === undefined ? [] : [{ name: 'method', value: method }]),
      ...[...SETTINGS.flatMap((setting) => optionsOf(setting, { ...request, spec })), ...tlsFiles].map(
        ({ name, value }) => ({ name, value: write(oneLine(value)) }),
      ),
    ],
    word,
    url: urlText(write(spec.url)),
    headers: [
      ...headersOf(spec, write),
      ...(isSocket && subprotocols.length > 0
        ? [{ name: SUBPROTOCOLS, value: write(subprotocols.join(', ')) }]
        : []),
    ],
    ...(body !== undefined && { body }),
    steps: isSocket ? steps.map((step) => printStep(step, spec.protocol)) : [],
  }
}

/** A name in one line, without what belongs to the line that it is in. */
function wordsAfter(mark: string, text = ''): string {
  let words = oneLine(text)
  while (words.startsWith(mark)) words = words.slice(mark.length).trimStart()
  return words
}

const SUBPROTOCOLS = 'Sec-WebSocket-Protocol'

/** The word before the URL, and the options that say what it does not say. */
function requestWord(spec: ConnectionSpec): {
  readonly word: string
  readonly transport?: string
  readonly method?: string
} {
  const { url, transport = 'auto', method, body, headers = {} } = spec
  if (transport === 'websocket' || (transport === 'auto' && schemeOf(url) === 'ws'))
    return { word: 'WEBSOCKET', ...(method !== undefined && { method }) }
  const usual = body === undefined ? 'GET' : 'POST'
  const keyword = keywordOf(transport)
  // The keyword for an event stream takes this header for one of httpYac.
  const hasEvent = transport === 'sse' && Object.keys(headers).some((name) => name.toLowerCase() === 'event')
  if (keyword !== undefined && (method === undefined || method === usual) && !hasEvent)
    return { word: keyword }
  const sent = method ?? usual
  const canBegin = methodOf(sent)?.http === sent
  return {
    word: canBegin ? sent : usual,
    ...(keyword !== undefined && { transport }),
    ...(!canBegin && { method: sent }),
  }
}

/** An option as often as it is given. */
function optionsOf(setting: RequestSetting, { spec, limits, isManual }: WrittenRequest): PrintedOption[] {
  const { name, sets } = setting
  const once = (value: string) => [{ name, value }]
  switch (sets) {
    // The request line says these.
    case 'transport':
    case 'method':
      return []
    // A header of a WebSocket says them.
    case 'subprotocol':
      return requestWord(spec).word === 'WEBSOCKET' ? [] : (spec.subprotocols ?? []).flatMap(once)
    case 'send':
      return isManual === true ? once('manual') : []
    case 'maxMessages':
      return limits?.maxMessages === undefined ? [] : once(String(limits.maxMessages))
    case 'duration':
      return limits?.duration === undefined ? [] : once(String(limits.duration / 1000))
    case 'ping':
      return spec.pingInterval === undefined ? [] : once(intervalText(spec.pingInterval))
    case 'protocolOption':
      return Object.entries(spec.protocolOptions ?? {}).map(([option, value]) => ({
        name,
        value: protocolOptionText(option, value),
      }))
    case 'ca':
    case 'cert':
    case 'key':
      if (spec.tls?.[sets] === undefined) return []
      throw new Failure(
        'NO_FILE',
        `The request has a certificate or a key, which is not written into a request file; save it without, and add # @option ${name} FILE.`,
      )
    case 'latency':
      return spec.latencyField === undefined ? [] : once(spec.latencyField)
    // Requests of a file use the jar by default.
    case 'cookieJar':
      return spec.cookieJar === false ? once('') : []
    case 'insecure':
    case 'plainRedirects':
      return switchOf(setting, spec.tls?.[sets])
    default: {
      const value = ({ ...spec } as Readonly<Record<string, unknown>>)[sets]
      if (typeof value === 'boolean' || setting.isSwitch)
        return switchOf(setting, value === undefined ? undefined : value === true)
      return value === undefined ? [] : once(String(value))
    }
  }
}

function switchOf(setting: RequestSetting, value: boolean | undefined): PrintedOption[] {
  if (value === undefined) return []
  return [{ name: setting.name, value: setting.read('') === value ? '' : 'false' }]
}

/** `NAME=VALUE`. What would be read as JSON is written as JSON. */
function protocolOptionText(name: string, value: unknown): string {
  if (name === '' || /[=\s]/.test(name))
    throw new Failure(
      'BAD_VALUE',
      `The option ${JSON.stringify(name)} of the protocol cannot be written; its name has a space or a =.`,
    )
  return `${name}=${isPlain(value) ? value : JSON.stringify(value)}`
}

function isPlain(value: unknown): value is string {
  return typeof value === 'string' && value === oneLine(value) && value !== '' && !isJson(value)
}

function headersOf({ headers = {} }: ConnectionSpec, write: (text: string) => string): PrintedHeader[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => ({ name, value: write(value.trim()) })),
  )
}

function bodyOf(
  { spec, bodyFile }: WrittenRequest,
  write: (text: string) => string,
): PrintedContent | undefined {
  const { body, headers } = spec
  if (bodyFile !== undefined) return { name: '', format: '', lines: [`< ${write(oneLine(bodyFile))}`] }
  if (body === undefined) return undefined
  return typeof body === 'string'
    ? {
        name: '',
        format: '',
        lines: contentLines(writeBody(write(body), bodyFormOf(contentTypeOf(headers)))),
      }
    : { name: '', format: 'base64', lines: contentLines(body.base64) }
}

/** A step of a script. `protocol`: the one that is spoken. Throws a `Failure` if it cannot be written. */
export function printStep(step: ScriptStep, protocol?: string): PrintedStep {
  if (step.kind === 'wait') return step
  const name = wordsAfter('=', step.name)
  if (step.kind === 'form') return { kind: 'send', name, format: '', lines: contentLines(formText(step)) }
  const { format, variables } = step.message
  const text = variables === undefined ? literal(step.message.text) : step.message.text
  // A JSON object may stand for a form of the protocol, and values are escaped in the strings of JSON.
  const mustSay =
    (format !== 'text' && format !== 'json') ||
    (protocol !== undefined && text.includes('{')) ||
    (format === 'json' && text.includes('{{'))
  return { kind: 'send', name, format: mustSay ? format : '', lines: contentLines(text) }
}

/** The values of a form, with its name. */
function formText({ form, values }: { readonly form: string; readonly values: string }): string {
  const at = values.indexOf('{') + 1
  const rest = values.slice(at).trimStart()
  return `${values.slice(0, at)} "form": ${JSON.stringify(form)}${rest.startsWith('}') ? ' ' : ', '}${rest}`
}
