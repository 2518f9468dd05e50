/** Reads curl command lines, as browsers copy them and as people write them, for bash and for cmd.exe. */
import { Failure } from '../../../shared/failure.ts'
import type { ConnectionSpec } from '../../../shared/spec.ts'
import { parseUrl } from '../../../shared/url.ts'
import { escapeBraces } from '../../file/print-text.ts'
import { groupHeaders, type HeaderField } from '../../headers.ts'
import { withTexts } from '../../secret-placeholders.ts'
import { isMadeByClient } from '../client-headers.ts'
import type { Imported, ImportedRequest, ImportedVariable } from '../imported.ts'
import { bashCommands } from './bash-words.ts'
import { cmdCommands, isForCmd } from './cmd-words.ts'
import { mapWord } from './commands.ts'
import { type CurlRequest, curlRequests } from './requests.ts'

const CURL = /(?:^|[/\\])curl(?:\.exe)?$/i
const ASSIGNMENT = /^([A-Za-z_]\w{0,63})=(.*)$/s
const MAX_COMMAND = 80

const BEFORE_CURL = /^\s*(?:#.*|(?:export\s+)?[A-Za-z_]\w{0,63}=.*|)$/
const CURL_LINE =
  /^\s*(?:[$%>]\s+)?(?:[A-Za-z_]\w{0,63}=\S*\s+)?(?:(?:[A-Za-z]:)?(?:[\w.~-]{0,100}[/\\]){1,20})?curl(?:\.exe)?\s+\S/i
const MAX_LINES = 100
const MAX_LINE = 500

/** Whether a text begins with a curl command, perhaps after a prompt, comments and variables. */
export function looksLikeCurl(text: string): boolean {
  const lines = text.split('\n', MAX_LINES).map((line) => line.slice(0, MAX_LINE).replace(/\r$/, ''))
  const first = lines.find((line) => CURL_LINE.test(line) || !BEFORE_CURL.test(line))
  return first !== undefined && CURL_LINE.test(first)
}

/** Reads all curl commands of a text. Throws a `Failure` `NO_CURL` if there is none. */
export function readCurl(text: string): Imported {
  const commands = isForCmd(text) ? cmdCommands(text) : bashCommands(text)
  const notTaken: string[] = []
  const variables: ImportedVariable[] = []
  const requests: ImportedRequest[] = []
  let others = 0
  for (const { words, input, isPiped = false } of commands) {
    const [assigned, rest] = assignmentsOf(words)
    if (rest.length === 0) {
      for (const variable of assigned) variables.push(variable)
      continue
    }
    const at = rest[0] === '$' || rest[0] === '%' ? 1 : 0
    if (CURL.test(rest[at] ?? '')) {
      for (const request of curlRequests(rest.slice(at + 1), input))
        for (const each of importedOf(request, isPiped)) requests.push(each)
    } else if (isPiped) notTaken.push(`What follows curl was not imported: ${shown(rest)}.`)
    else if (others++ < 10) notTaken.push(`This is not a curl command and was not imported: ${shown(rest)}.`)
  }
  if (requests.length === 0)
    throw new Failure(
      'NO_CURL',
      'There is no curl command with a URL in the text; copy it again, with its first word curl.',
    )
  return { requests, variables, notTaken }
}

function shown(words: readonly string[]): string {
  // What follows may be secret.
  return (words[0] ?? '').slice(0, MAX_COMMAND)
}

/** `NAME=value` in front of a command, or alone. */
function assignmentsOf(words: readonly string[]): readonly [readonly ImportedVariable[], readonly string[]] {
  const from = words[0] === 'export' || words[0] === 'set' ? 1 : 0
  const variables: ImportedVariable[] = []
  let at = from
  for (; at < words.length; at++) {
    const [, name, value = ''] = ASSIGNMENT.exec(words[at] ?? '') ?? []
    if (name === undefined) break
    variables.push({ name, value: written(value) })
  }
  return at === from ? [[], words] : [variables, words.slice(at)]
}

/** A word with placeholders. */
function written(word: string): string {
  return mapWord(word, escapeBraces, (name) => `{{${name}}}`)
}

/** A word as the shell has it. */
function plain(word: string): string {
  return mapWord(
    word,
    (text) => text,
    (name) => `$${name}`,
  )
}

/** One request for each URL. */
function importedOf(request: CurlRequest, isPiped: boolean): ImportedRequest[] {
  const usesVariables = JSON.stringify(request).search(/[\ufdd0]/) >= 0
  const text = usesVariables ? written : plain
  const { bodyFile, tlsFiles } = request
  return request.urls.map((url) => {
    const { spec, notTaken } = specOf(request, url)
    const isSocket = spec.transport === 'websocket'
    return {
      spec: withTexts(spec, text),
      ...(usesVariables && { hasPlaceholders: true }),
      ...(request.duration !== undefined && { limits: { duration: request.duration } }),
      ...(bodyFile !== undefined && !isSocket && { bodyFile: text(bodyFile) }),
      ...(tlsFiles.length > 0 && {
        tlsFiles: tlsFiles.map((file) => ({ ...file, value: text(file.value) })),
      }),
      notTaken: [...request.notTaken, ...notTaken, ...(isPiped ? [PIPED] : [])].map(plain),
    }
  })
}

const PIPED = 'What another command gives to curl was not imported.'

function specOf(
  { method, headers, credentials, body, bodyFile, insecure, proxy, socketPath, http, timeout }: CurlRequest,
  written: string,
): { readonly spec: ConnectionSpec; readonly notTaken: readonly string[] } {
  const notTaken: string[] = []
  const isUpgrade = headers.some(
    ([name, value]) => name.toLowerCase() === 'upgrade' && /websocket/i.test(value),
  )
  const url = urlOf(written, isUpgrade)
  const isSocket = isUpgrade || /^wss?:/i.test(url)
  if (/[[{][\w-]+(?:[-,][\w-]+)+[\]}]/.test(url))
    notTaken.push('Brackets in the URL are text; curl may read them as several URLs.')
  const fields = headers.filter(([name]) => !isMadeByClient(name, isSocket))
  const subprotocols = isSocket ? subprotocolsOf(fields) : []
  const kept = fields.filter(([name]) => !isSocket || name.toLowerCase() !== 'sec-websocket-protocol')
  if (isSocket && (body !== undefined || bodyFile !== undefined))
    notTaken.push('The data was not imported; a WebSocket has no body.')
  const hasBody = body !== undefined || bodyFile !== undefined
  const sent = method ?? (hasBody ? 'POST' : undefined)
  return {
    spec: {
      url,
      ...(isSocket && { transport: 'websocket' as const }),
      ...(!isSocket && sent !== undefined && { method: sent }),
      ...(kept.length > 0 && { headers: groupHeaders(kept) }),
      ...(credentials !== undefined &&
        !kept.some(([name]) => name.toLowerCase() === 'authorization') && { credentials }),
      ...(!isSocket && body !== undefined && { body }),
      ...(subprotocols.length > 0 && { subprotocols }),
      ...(insecure && { tls: { insecure } }),
      ...(proxy !== undefined && { proxy }),
      ...(socketPath !== undefined && { socketPath }),
      ...(!isSocket && http !== undefined && { http }),
      ...(timeout !== undefined && { timeout }),
    },
    notTaken,
  }
}

function subprotocolsOf(headers: readonly HeaderField[]): string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'sec-websocket-protocol')
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
}

/** curl adds a scheme that is missing. */
function urlOf(written: string, isUpgrade: boolean): string {
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//i.test(written) || /^\ufdd0/.test(written)
  const url = hasScheme ? written : `http://${written}`
  return isUpgrade ? url.replace(/^http/i, 'ws') : url
}

/** What a curl line in the field of a URL means. */
export interface CurlConnection {
  readonly spec: ConnectionSpec
  /** One sentence each. */
  readonly notTaken: readonly string[]
}

/** A line that is continued, in a field of one line, which leaves out the line ends of what is pasted. */
const CONTINUED = / \\ {2}(?=-)/g

/** The connection of the first curl command of a text. Throws a `Failure`: `NO_CURL`, or `BAD_URL`. */
export function curlConnection(text: string): CurlConnection {
  const { requests, notTaken = [] } = readCurl(text.includes('\n') ? text : text.replaceAll(CONTINUED, ' '))
  const [request] = requests
  if (request === undefined)
    throw new Failure('NO_CURL', 'There is no curl command in the text; copy it again.')
  const { bodyFile, tlsFiles = [], limits } = request
  // There are no variables here: the shell's are as they were typed.
  const spec = request.hasPlaceholders === true ? withTexts(request.spec, shellText) : request.spec
  parseUrl(spec.url, spec.transport)
  return {
    spec,
    notTaken: [
      ...(request.notTaken ?? []),
      ...notTaken,
      ...(request.hasPlaceholders === true ? ['Variables of the shell were not filled in.'] : []),
      ...(requests.length > 1 ? [`Only the first of ${requests.length} requests was imported.`] : []),
      ...(bodyFile === undefined ? [] : [`The data of ${bodyFile} was not imported.`]),
      ...(tlsFiles.length === 0 ? [] : ['The certificates were not imported; choose their files.']),
      ...(limits?.duration === undefined ? [] : ['The limit of time was not imported.']),
    ],
  }
}

function shellText(text: string): string {
  return text.replaceAll(/\{\{(\w{1,64})\}\}/g, '$$$1').replaceAll('{{$braces}}', '{{')
}
