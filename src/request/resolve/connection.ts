/** Makes the specification of a connection of the request line, the headers, the options and the body of a request. */
import { composeMessage } from '../../shared/compose/compose.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { decodeUtf8, latin1 } from '../../shared/text/decode.ts'
import { schemeOf } from '../../shared/transports.ts'
import { parseUrl } from '../../shared/url.ts'
import { bodyFormOf, readBody } from '../file/body-form.ts'
import { methodOf } from '../file/methods.ts'
import type { Field, FileRequest } from '../file/request-file.ts'
import type { HeaderField } from '../headers.ts'
import { type OptionValues, readOption, splitNames } from '../options.ts'
import { parseSpec } from '../parse-spec.ts'
import { specOf } from '../request.ts'
import { checkMask, type Filled, type Filling, type TokenFilling } from '../variables/fill.ts'
import { type ContentContext, filledBytes, piecesOf, readNamed } from './content.ts'
import { placed } from './failure.ts'
import { formatOf } from './format.ts'
import { type RunOptions, readOptions } from './options.ts'
import { basicCredentials, filledCredentials } from './written-credentials.ts'

export interface ResolvedConnection {
  readonly spec: ConnectionSpec
  readonly remembered: ConnectionSpec
  readonly run: RunOptions
  /** Values that are made of secrets: the encoded credentials of a header. */
  readonly secrets: readonly string[]
}

/** A header with its placeholders filled. */
interface FilledHeader {
  readonly name: string
  readonly value: Filled
  readonly field: HeaderField
  /** What it stands for, if it is not a header that is sent. */
  readonly credentials: ReturnType<typeof filledCredentials>
}

const SUBPROTOCOLS = 'sec-websocket-protocol'

/** The types of events that httpYac shows. It does not send it. */
const isForHttpYac = (name: string, transport: string) => transport === 'sse' && name === 'event'

async function filledHeaders(
  headers: readonly Field[],
  { filling }: ContentContext,
): Promise<FilledHeader[]> {
  const filled: FilledHeader[] = []
  for (const field of headers)
    filled.push(
      await placed(field, async () => {
        const { text: name } = await filling.fill(field.name.text)
        const filledValue = await filling.fill(field.value.text, tokensIn(name, field.value.text))
        checkMask(filledValue.text, `The header ${name}`)
        const value = withCredentials(name, filledValue)
        const credentials = filledCredentials(name, filledValue)
        return { name, value, field: readHeader(name, value.text), credentials }
      }),
    )
  return filled
}

/** What is changed before it is sent needs the value of a token. */
function tokensIn(name: string, value: string): TokenFilling {
  return name.toLowerCase() === SUBPROTOCOLS || /^(?:basic|digest|aws)[ \t]/i.test(value)
    ? 'now'
    : 'each-attempt'
}

function withCredentials(name: string, { text, remembered }: Filled): Filled {
  const credentials = /^(?:proxy-)?authorization$/i.test(name) ? basicCredentials(text) : undefined
  return credentials === undefined ? { text, remembered } : { text: `Basic ${credentials}`, remembered }
}

/** Throws a `Failure` that names the header. */
function readHeader(name: string, value: string): HeaderField {
  try {
    return readOption('header', `${name}: ${value}`)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    throw new Failure(thrown.code, thrown.message.replace(/^It /, `The header ${name} `))
  }
}

/** The body as it is sent, and as it is remembered; undefined if there is none. */
async function bodyOf(
  request: FileRequest,
  contentType: string | undefined,
  context: ContentContext,
): Promise<{ readonly body: OptionValues['data']; readonly remembered: string } | undefined> {
  const { body: content, format: written } = request
  if (content.length === 0) return undefined
  const { filling } = context
  const format = formatOf(written)
  const form = format === undefined ? bodyFormOf(contentType) : 'lines'
  const pieces = await piecesOf(content, context)
  const inForm = pieces.map((piece) =>
    piece.part.kind === 'text' && piece.kind === 'text'
      ? { ...piece, text: readBody(piece.text, form) }
      : piece,
  )
  const { bytes, remembered } = await filledBytes(inForm, (text) =>
    format === 'json' ? filling.fillJson(text) : filling.fill(text),
  )
  const shown = new TextDecoder().decode(remembered)
  if (format === undefined || format === 'text') {
    const text = decodeUtf8(bytes)
    return { body: text ?? { base64: btoa(latin1(bytes)) }, remembered: shown }
  }
  const text = decodeUtf8(bytes) ?? ''
  const { opcode, payload } = await placed(written ?? request.line, () => composeMessage({ format, text }))
  const isBinary = opcode === 'binary'
  return { body: isBinary ? { base64: btoa(latin1(payload)) } : text, remembered: shown }
}

/** What the method and the URL set. The URL is filled, and may be that of a WebSocket although the line cannot tell. */
function ofLine(
  { method, transport }: FileRequest,
  url: string,
  hasBody: boolean,
): Pick<Partial<OptionValues>, 'transport' | 'method'> {
  const isSocket = transport === 'websocket' || schemeOf(url) === 'ws'
  const http =
    method === undefined ? undefined : (methodOf(method.text) ?? { http: method.text.toUpperCase() }).http
  return {
    ...(transport !== 'auto' && { transport }),
    ...(http !== undefined && !isSocket && (http !== 'GET' || hasBody) && { method: http }),
  }
}

/** Whether a complete response ends the connection normally: a request that nothing says to be realtime. */
function acceptsPlain(spec: ConnectionSpec): boolean {
  const { url, transport = 'auto', headers = {}, plainResponse } = spec
  const [, accept] = Object.entries(headers).find(([name]) => name.toLowerCase() === 'accept') ?? []
  return (
    plainResponse === undefined &&
    transport === 'auto' &&
    schemeOf(url) === 'http' &&
    !/text\/event-stream/i.test([accept ?? ''].flat().join())
  )
}

/** Resolves the connection of a request. Rejects with a `Failure` that has a place. */
export async function resolveConnection(
  request: FileRequest,
  context: ContentContext,
): Promise<ResolvedConnection> {
  const { filling } = context
  const url = await placed(request.url, async () => {
    const filled = await filling.fill(request.url.text, 'each-attempt')
    checkMask(filled.text, 'The URL')
    return filled
  })
  const headers = await filledHeaders(request.headers, context)
  const options = await readOptions(request.options, filling, (field) => readText(field, context))
  const contentType = headers.find(({ name }) => name.toLowerCase() === 'content-type')
  const body = await bodyOf(request, contentType?.value.text, context)
  if (body !== undefined && schemeOf(url.text) === 'ws')
    await placed(request.url, () => {
      throw new Failure(
        'BAD_URL',
        'Its URL is a WebSocket URL, so write WEBSOCKET before it to send messages.',
      )
    })
  const line = ofLine(request, url.text, body !== undefined)
  const isSocket = schemeOf(url.text) === 'ws'
  const make = (
    kind: keyof Filled,
    values: Partial<OptionValues>,
    data: OptionValues['data'] | undefined,
  ) => {
    const fields: HeaderField[] = []
    const subprotocol = [...(values.subprotocol ?? [])]
    const credentials = headers.find((header) => header.credentials !== undefined)?.credentials?.[kind]
    for (const { name, value, field, ...header } of headers) {
      const lower = name.toLowerCase()
      if (isForHttpYac(lower, request.transport) || header.credentials !== undefined) continue
      if (isSocket && lower === SUBPROTOCOLS)
        for (const each of splitNames(value[kind])) subprotocol.push(each)
      else fields.push(kind === 'text' ? field : [name, value.remembered])
    }
    const given = specOf(url[kind], {
      ...line,
      ...values,
      ...(fields.length > 0 && { header: fields }),
      ...(subprotocol.length > 0 && { subprotocol }),
      ...(data !== undefined && { data }),
    })
    const spec = { ...given, ...(credentials && { credentials }) }
    return acceptsPlain(spec) ? { ...spec, plainResponse: true } : spec
  }
  const spec = withTokens(make('text', options.values, body?.body), filling)
  await placed(request.url, () => parseUrl(spec.url, spec.transport))
  return {
    spec: await placed(request.line, () => parseSpec(spec)),
    remembered: make('remembered', options.remembered, body?.remembered),
    run: options.run,
    secrets: headers.flatMap(({ value }) => credentialsIn(value)),
  }
}

/** The specification with where the tokens come from that are filled before each attempt. */
function withTokens(spec: ConnectionSpec, { tokens }: Filling): ConnectionSpec {
  if (tokens.size === 0) return spec
  const entries = [...tokens].map(([written, source]) => [written, { kind: 'oauth2', ...source }] as const)
  return { ...spec, tokens: Object.fromEntries(entries) }
}

/** What was encoded of a secret. */
function credentialsIn({ text, remembered }: Filled): string[] {
  const [, credentials] = /^Basic (\S+)$/.exec(text) ?? []
  return credentials === undefined || text === remembered ? [] : [credentials]
}

async function readText({ value }: Field, context: ContentContext): Promise<string> {
  const bytes = await readNamed(value, context)
  return await placed(value, () => {
    const text = decodeUtf8(bytes)
    if (text === undefined) throw new Failure('NOT_TEXT', 'The file is not text; give one in the PEM format.')
    return text
  })
}
