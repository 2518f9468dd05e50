/** Writes what was imported as a file of requests. */
import { VARIABLE_NAME } from '../../shared/compose/template.ts'
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { printRequest } from '../file/print.ts'
import { oneLine } from '../file/print-text.ts'
import { MAX_FILE_LENGTH } from '../file/request-file.ts'
import type { SecretNamesOptions } from '../saving/secret-names.ts'
import { ENVIRONMENT_FILE } from '../variables/environments.ts'
import { ImportedSecrets } from './hide-secrets.ts'
import type { Imported, ImportedEnvironment, ImportedRequest, ImportedVariable } from './imported.ts'
import { someOf } from './some-of.ts'

export interface HttpText {
  readonly text: string
  /** What was not imported, one sentence each. The text has them in comments. */
  readonly notTaken: readonly string[]
  /** The secrets that the text has only the names of, with their values if they are known. */
  readonly secrets: ReadonlyMap<string, string | undefined>
}

/** As many as a file can have. */
const MAX_REQUESTS = 5000
const MAX_VARIABLES = 1000
/** Sentences that are kept. */
const MAX_SENTENCES = 200
const MAX_COMMENT_LINES = 40
const MAX_COMMENT_LENGTH = 1000

/** The text of a file of requests. Throws a `Failure` `NOTHING_TO_IMPORT`. */
export function httpTextOf(imported: Imported, names: Omit<SecretNamesOptions, 'prefix'> = {}): HttpText {
  const { name = '', requests, variables = [], environments = [], notTaken = [] } = imported
  if (requests.length === 0)
    throw new Failure(
      'NOTHING_TO_IMPORT',
      environments.length > 0
        ? 'It has only variables, no requests; import it into http-client.env.json.'
        : ['It has no request that can be imported.', ...notTaken.slice(0, 3)].join(' '),
    )
  const secrets = new ImportedSecrets({ prefix: name, ...names })
  const written = writeRequests(requests, secrets)
  const lines = variableLines(variables, secrets)
  const general = [
    ...notTaken,
    ...written.notTaken,
    ...severalValues(variables),
    ...environmentSentence(environments),
    ...secretSentence(secrets),
  ]
  const head = [
    ...(name === '' ? [] : [`# ${oneLine(name).slice(0, MAX_COMMENT_LENGTH)}`]),
    ...listed(general),
  ]
  const blocks = [head, lines].filter((block) => block.length > 0).map((block) => `${block.join('\n')}\n`)
  return {
    text: [...blocks, ...written.texts].join('\n'),
    notTaken: [...general, ...written.ofRequests].slice(0, MAX_SENTENCES),
    secrets: secrets.used,
  }
}

interface WrittenRequests {
  readonly texts: readonly string[]
  /** Of requests that are not written. */
  readonly notTaken: readonly string[]
  /** Of requests that say it themselves. */
  readonly ofRequests: readonly string[]
}

function writeRequests(requests: readonly ImportedRequest[], secrets: ImportedSecrets): WrittenRequests {
  const [texts, notTaken, ofRequests]: [string[], string[], string[]] = [[], [], []]
  const taken = new Set<string>()
  let length = 0
  for (const [index, request] of requests.entries()) {
    const title = freeTitle(request, taken)
    const text = index < MAX_REQUESTS ? written({ ...request, title }, secrets) : ''
    if (text instanceof Failure) {
      notTaken.push(`${title} was not written: ${text.message}`)
      continue
    }
    length += text.length + 1
    // Variables and comments need room, too.
    if (text === '' || length > MAX_FILE_LENGTH / 2) {
      notTaken.push(
        `${requests.length - index} of ${requests.length} requests were not written, because the file would be too large.`,
      )
      break
    }
    texts.push(text)
    for (const sentence of request.notTaken ?? []) ofRequests.push(`${title}: ${sentence}`)
  }
  return { texts, notTaken, ofRequests }
}

/** The text of one request, or why it cannot be written. */
function written(request: ImportedRequest, secrets: ImportedSecrets): string | Failure {
  try {
    const { description = '', notTaken = [], ...hidden } = secrets.hideIn(request)
    return printRequest({ ...hidden, comments: [...commentLines(description), ...listed(notTaken)] })
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown
    throw thrown
  }
}

/** A title that no other request of the file has. */
function freeTitle({ title = '', spec }: ImportedRequest, taken: Set<string>): string {
  const own =
    oneLine(title)
      .replace(/^[#\s]+/, '')
      .slice(0, 200) || titleOf(spec.url)
  let free = own
  for (let n = 2; taken.has(free); n++) free = `${own} ${n}`
  taken.add(free)
  return free
}

/** Host and path, without secrets. */
function titleOf(url: string): string {
  const [, place = ''] = /^(?:[a-z]+:\/\/)?(?:[^/?#]*@)?([^?#\s]{1,80})/i.exec(maskUrl(url)) ?? []
  return place || 'request'
}

function variableLines(variables: readonly ImportedVariable[], secrets: ImportedSecrets): string[] {
  const byName = new Map(variables.map((variable) => [variable.name, variable]))
  return [...byName.values()]
    .filter(({ name }) => VARIABLE_NAME.test(name))
    .slice(0, MAX_VARIABLES)
    .map((variable) => `@${variable.name} = ${oneLine(secrets.hideInVariable(variable))}`)
}

/** Other programs have variables for a folder or a request; a file has each once. */
function severalValues(variables: readonly ImportedVariable[]): string[] {
  const values = new Map<string, string>()
  const several = new Set<string>()
  for (const { name, value } of variables) {
    if (values.has(name) && values.get(name) !== value) several.add(name)
    values.set(name, value)
  }
  if (several.size === 0) return []
  return [`Of variables with several values, only the last one was imported: ${someOf([...several])}`]
}

function environmentSentence(environments: readonly ImportedEnvironment[]): string[] {
  if (environments.length === 0) return []
  const names = someOf(environments.map(({ name }) => name))
  return [`The environments are not in this file; import them into ${ENVIRONMENT_FILE}: ${names}`]
}

/** Which secrets a text has only the names of. */
export function secretSentence({ used }: ImportedSecrets): string[] {
  if (used.size === 0) return []
  return [`The values of secrets were not written: ${someOf([...used.keys()], 20)}`]
}

/** Sentences as comments. */
function listed(sentences: readonly string[]): string[] {
  if (sentences.length === 0) return []
  return [
    '# Not imported:',
    ...sentences.slice(0, MAX_SENTENCES).map((each) => `# - ${oneLine(each).slice(0, MAX_COMMENT_LENGTH)}`),
  ]
}

/** A text as comments that say nothing: none of its lines is a directive, here or in other tools. */
function commentLines(text: string): string[] {
  const lines = text.trim().split(/\r\n|[\n\r\u2028\u2029]/, MAX_COMMENT_LINES)
  return lines
    .map((line) => oneLine(line).slice(0, MAX_COMMENT_LENGTH))
    .map((line) => (line.startsWith('@') ? `# - ${line}` : `# ${line}`.trimEnd()))
    .filter((line, index) => line !== '#' || index > 0)
}
